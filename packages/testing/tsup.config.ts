import type { Options } from 'tsup'
import { packageConfig } from '../../tsup.config.ts'

const config: Options = packageConfig(['index'], ['sealift-s3'])
export default config
