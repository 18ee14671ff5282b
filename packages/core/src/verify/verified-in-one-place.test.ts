import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCE = join(import.meta.dirname, '..')
const LITERAL = /['"`]verified['"`]/

/** The file whose function concludes; nothing else may make a verdict `verified`. */
const PRODUCER = 'verify/verdict.ts'

/** Uses that make no verdict: they compare with one, or name it in a type. */
const HARMLESS: readonly RegExp[] = [
  /[!=]==\s*'verified'/g,
  /'verified'\s*[!=]==/g,
  /\bcase 'verified':/g,
  /\bExtract<Verdict,[^>]*>/g,
  /^\s*(export )?type \w+ =[^=]*$/g,
]

/** Other lines, each by file and text, with the reason why it makes no verdict. */
const ALLOWED: readonly { readonly file: string; readonly text: string; readonly why: string }[] = [
  { file: 'verify/evidence.ts', text: "['verified', 'mismatch', 'unverified', 'failed', 'skipped', 'planned'] as const", why: 'the list of all verdicts' },
  { file: 'migration/migrate-options.ts', text: "['verified', 'skipped', 'planned']", why: 'the default of `accept`: which verdicts resolve' },
]

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('.test-d.ts'))
}

/** Comments blanked out, line numbers kept. */
function code(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
  return text.split('\n').map((line) => line.replace(/(^|\s)\/\/.*$/, '$1'))
}

function isHarmless(file: string, line: string): boolean {
  let rest = HARMLESS.reduce((text, harmless) => text.replace(harmless, ''), line)
  for (const allowed of ALLOWED) if (allowed.file === file) rest = rest.replace(allowed.text, '')
  return !LITERAL.test(rest)
}

describe('where "verified" comes from', () => {
  test('the sources are found at all', () => {
    expect(sourceFiles()).toContain(PRODUCER)
    expect(sourceFiles().length).toBeGreaterThan(20)
  })

  test('no file but the verdict makes it', () => {
    const makers = sourceFiles()
      .filter((file) => file !== PRODUCER)
      .flatMap((file) => code(file).flatMap((line, at) => (isHarmless(file, line) ? [] : [`${file}:${at + 1}: ${line.trim()}`])))
    expect(makers).toEqual([])
  })

  test('the verdict makes it twice: end-to-end and destination-only', () => {
    const lines = code(PRODUCER).filter((line) => !isHarmless(PRODUCER, line))
    expect(lines.map((line) => /verdict: 'verified', assurance: '([a-z-]+)'/.exec(line)?.[1])).toEqual(['end-to-end', 'destination-only'])
  })

  test('no verdict is picked from the list by its place, nor made by a cast', () => {
    const found = sourceFiles().flatMap((file) => code(file).filter((line) => /\bVERDICTS(\[|\.at\()|\bas (Verdict|Conclusion)\b(?!\[\])/.test(line)))
    expect(found).toEqual([])
  })

  test.each([
    ["  return { verdict: 'verified' }", false],
    ["  const verdict = equal ? 'verified' : 'mismatch'", false],
    ["  verdict === 'failed' ? 'verified' : verdict", false],
    ['  record("verified")', false],
    ["  if (verdict === 'verified') count += 1", true],
    ["  if (verdict !== 'verified') return 'verified'", false],
    ["    case 'verified':", true],
  ])('the search itself: %s is harmless: %s', (line, harmless) => {
    expect(isHarmless('copy/some-file.ts', line)).toBe(harmless)
  })
})
