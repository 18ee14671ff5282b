/** Changes one character of a header's value in place: the first hex digit becomes another one, else the first character. True when the header was there. */
export function flipHeader(headers: Record<string, string>, name: string): boolean {
  const found = Object.keys(headers).find((one) => one.toLowerCase() === name.toLowerCase())
  if (found === undefined) return false
  const value = headers[found] ?? ''
  const at = value.search(/[0-9a-f]/i)
  const index = Math.max(at, 0)
  const old = value.charAt(index)
  headers[found] = value.slice(0, index) + (old === '0' ? '1' : /[0-9a-f]/i.test(old) ? '0' : 'x') + value.slice(index + 1)
  return true
}
