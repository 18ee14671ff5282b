/** Whether two Content-Encodings are one: bytes that came in another one were packed or unpacked on their way, and are not those that are stored. */
export function sameEncoding(a: string | undefined, b: string | undefined): boolean {
  return plain(a) === plain(b)
}

function plain(text: string | undefined): string {
  return (text ?? '').replaceAll(/\s/g, '').toLowerCase()
}
