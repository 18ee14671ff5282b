// the same hazards over undici, which stays behind the port for those who need it
process.env['SEALIFT_HTTP_CLIENT'] = 'undici'
await import('./direct-connections.test.ts')
await import('./direct-replies.test.ts')
await import('./direct-signing.test.ts')
