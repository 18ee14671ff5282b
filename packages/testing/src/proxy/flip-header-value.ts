/**
 * The value with one character changed so that it stays of its kind (an ETag an ETag, a date a date): the first decimal digit becomes
 * another one; in a value without digits the first letter becomes another letter of the same case.
 * @returns null where there is neither
 */
export function flipHeaderValue(value: string): string | null {
  // the last character before base64's '=' carries bits that decoders drop: changed there, the value might still mean the same
  const index = [/[0-9](?!=)/, /[A-Za-z](?!=)/].map((kind) => value.search(kind)).find((found) => found >= 0)
  if (index === undefined) return null
  const code = value.charCodeAt(index)
  // digits pair up as 0-1 … 8-9, letters as b-c … , with a-b and z-y where the pair would leave the alphabet
  const letter = code > 0x39
  const base = letter ? (code >= 0x61 ? 0x61 : 0x41) : 0x30
  const position = code - base
  return value.slice(0, index) + String.fromCharCode(base + (position ^ 1)) + value.slice(index + 1)
}
