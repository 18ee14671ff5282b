import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const FOLDER = new URL('../../node_modules/.cache/sealift-benchmark-memory/', import.meta.url)

/**
 * The client as an application has it: one file of plain JavaScript. Node takes 30 MiB to read TypeScript, which are not a copy's.
 * @returns the URL of the file to run
 */
export async function bundleClient(): Promise<string> {
  await build({
    entry: { main: fileURLToPath(new URL('main.ts', import.meta.url)) },
    outDir: fileURLToPath(FOLDER),
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    removeNodeProtocol: false,
    clean: true,
    silent: true,
    config: false,
    skipNodeModulesBundle: true,
    noExternal: [/^@sealift\//],
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions: (options) => {
      options.conditions = ['@sealift/source']
    },
  })
  return new URL('main.mjs', FOLDER).href
}
