import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from 'tsup'

/**
 * The build of one package, run in the package's own folder.
 *
 * @param entries - what the `exports` map offers: flat names of files in `src/` (`index`), each built with its types
 * @param programs - files that are run and not imported (a `bin`, a worker): built without types, in the same folder,
 *   so that `new URL('./lane-worker.js', import.meta.url)` finds them
 * @throws when `exports` and `bin` of package.json name other files than these
 */
export function packageConfig(entries: readonly string[], programs: readonly string[] = []): Options {
  assertEntriesAreExported(process.cwd(), entries, programs)
  const files = (names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]))
  return {
    entry: files([...entries, ...programs]),
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    sourcemap: true,
    clean: true,
    dts: { entry: files(entries) },
    // without this tsup turns `node:sqlite` into `sqlite`, which does not exist
    removeNodeProtocol: false,
    tsconfig: '../../tsconfig.json',
  }
}

interface PackageJson {
  readonly name: string
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
}

function assertEntriesAreExported(folder: string, entries: readonly string[], programs: readonly string[]): void {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson
  const offered = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [] : [flatName(target.default)]))
  const bins = Object.values(manifest.bin ?? {}).map(flatName)
  const same = offered.length === entries.length && offered.every((name) => entries.includes(name))
  if (!same) throw new Error(`${manifest.name}: exports offer [${offered.join(', ')}], tsup.config.ts builds [${entries.join(', ')}]`)
  const missing = bins.filter((name) => !programs.includes(name))
  if (missing.length > 0) throw new Error(`${manifest.name}: bin names [${missing.join(', ')}], which tsup.config.ts does not build`)
}

function flatName(target: string | undefined): string {
  const name = /^\.\/dist\/([^/]+)\.js$/.exec(target ?? '')?.[1]
  if (name === undefined) throw new Error(`a target in package.json is ./dist/<name>.js, not ${String(target)}`)
  return name
}
