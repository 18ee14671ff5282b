type Transport = 'auto' | 'sdk' | 'direct'

/**
 * How the data goes in a matrix: both ways are used in one run, each on grounds of its own. SEALIFT_TRANSPORT=sdk, auto or direct runs a whole matrix one way.
 */
export function transportFor(usual: Transport): Transport {
  const asked = process.env.SEALIFT_TRANSPORT
  return asked === 'sdk' || asked === 'auto' || asked === 'direct' ? asked : usual
}
