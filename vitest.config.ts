import { defineConfig, type ViteUserConfig } from 'vitest/config'

// Tests read TypeScript source, without a build. `resolve.conditions` alone does not do it, and every project has to say it.
const source = { ssr: { resolve: { conditions: ['@sealift/source'] } } }

const config: ViteUserConfig = defineConfig({
  ...source,
  test: {
    // Two cores: a test file each. More would let a file with deadlines of its own starve.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        ...source,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.mjs', 'test/*/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/integration/**'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        ...source,
        test: {
          name: 'integration',
          include: ['packages/*/test/integration/**/*.integration.test.ts', 'test/integration/**/*.integration.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
export default config
