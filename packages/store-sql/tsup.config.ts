import type { Options } from 'tsup'
import { packageConfig } from '../../tsup.config.ts'

const config: Options = packageConfig(['index'])
export default config
