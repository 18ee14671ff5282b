import { defineConfig, type ViteUserConfig } from 'vitest/config'

const source = { ssr: { resolve: { conditions: ['@sealift/source'] } } }

const config: ViteUserConfig = defineConfig({
  ...source,
  test: {
    projects: [
      { extends: true, ...source, test: { name: 'unit', include: ['packages/*/src/**/*.test.ts', 'packages/*/test/*.test.ts'], testTimeout: 20_000 } },
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
