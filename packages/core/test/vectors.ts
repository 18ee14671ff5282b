/**
 * Known answers for digests, multipart ETags and composite checksums. Computed with node:crypto and table CRCs written for the purpose, and
 * cross-checked with Python's hashlib and zlib, hash-wasm and the AWS SDK's own CRC64NVME. The CRC check values of `123456789` are those of the
 * CRC catalogue (CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME, CRC-64/XZ: https://reveng.sourceforge.io/crc-catalogue/all.htm).
 */
import type { HashAlgorithm } from '@sealift/core'

const MIB = 1024 * 1024

/** Length of the streams L and G. */
const STREAM_BYTES: number = 20 * MIB

/** Byte i is (31·i + 7) mod 256. Its period is 256: equal parts, so it cannot show swapped ones. */
export function streamL(): Uint8Array {
  const bytes = new Uint8Array(STREAM_BYTES)
  for (let i = 0; i < STREAM_BYTES; i += 1) bytes[i] = (i * 31 + 7) % 256
  return bytes
}

/** A 32-bit linear congruential generator from state 1: state = state·1664525 + 1013904223, byte = state >>> 24. All parts differ. */
export function streamG(): Uint8Array {
  const bytes = new Uint8Array(STREAM_BYTES)
  let state = 1
  for (let i = 0; i < STREAM_BYTES; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** The first 16 bytes of each stream, in hex. */
export const STREAM_STARTS = { L: '0726456483a2c1e0ff1e3d5c7b9ab9d8', G: '3c5e81b40c5ec68e04a3406c97d63cfb' } as const

export interface DigestVector {
  readonly input: string
  readonly bytes: () => Uint8Array
  /** hex */
  readonly digests: Readonly<Record<HashAlgorithm, string>>
  /** as in S3's headers; for crc64ecma the decimal that OSS and COS send */
  readonly headers: Readonly<Record<HashAlgorithm, string>>
}

export const DIGEST_VECTORS: readonly DigestVector[] = [
  {
    input: 'nothing',
    bytes: () => new Uint8Array(0),
    digests: {
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      sha512: 'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
      crc32: '00000000',
      crc32c: '00000000',
      crc64nvme: '0000000000000000',
      xxhash64: 'ef46db3751d8e999',
      xxhash3: '2d06800538d394c2',
      xxhash128: '99aa06d3014798d86001c324468d497f',
      crc64ecma: '0000000000000000',
    },
    headers: {
      md5: '1B2M2Y8AsgTpgAmY7PhCfg==',
      sha1: '2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
      sha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      sha512: 'z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
      crc32: 'AAAAAA==',
      crc32c: 'AAAAAA==',
      crc64nvme: 'AAAAAAAAAAA=',
      xxhash64: '70bbN1HY6Zk=',
      xxhash3: 'LQaABTjTlMI=',
      xxhash128: 'maoG0wFHmNhgAcMkRo1Jfw==',
      crc64ecma: '0',
    },
  },
  {
    input: 'a',
    bytes: () => Buffer.from('a'),
    digests: {
      md5: '0cc175b9c0f1b6a831c399e269772661',
      sha1: '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8',
      sha256: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      sha512: '1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75',
      crc32: 'e8b7be43',
      crc32c: 'c1d04330',
      crc64nvme: '8c2f8445b4cbfc3c',
      xxhash64: 'd24ec4f1a98c6e5b',
      xxhash3: 'e6c632b61e964e1f',
      xxhash128: 'a96faf705af16834e6c632b61e964e1f',
      crc64ecma: '330284772e652b05',
    },
    headers: {
      md5: 'DMF1ucDxtqgxw5niaXcmYQ==',
      sha1: 'hvfkN/qlp/zhXR3cuerq6jd2Z7g=',
      sha256: 'ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=',
      sha512: 'H0D8ktokFpR1CXnubPWC8tXX0o4YM13gWrxU0FYOD1MChgxlK/CNVgJSql50IQVG82n7u86MEs/HlXsmUv6adQ==',
      crc32: '6Le+Qw==',
      crc32c: 'wdBDMA==',
      crc64nvme: 'jC+ERbTL/Dw=',
      xxhash64: '0k7E8amMbls=',
      xxhash3: '5sYyth6WTh8=',
      xxhash128: 'qW+vcFrxaDTmxjK2HpZOHw==',
      crc64ecma: '3675645893302102789',
    },
  },
  {
    input: 'abc',
    bytes: () => Buffer.from('abc'),
    digests: {
      md5: '900150983cd24fb0d6963f7d28e17f72',
      sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      sha512: 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      crc32: '352441c2',
      crc32c: '364b3fb7',
      crc64nvme: '05e5cabb3fc1faeb',
      xxhash64: '44bc2cf5ad770999',
      xxhash3: '78af5f94892f3950',
      xxhash128: '06b05ab6733a618578af5f94892f3950',
      crc64ecma: '2cd8094a1a277627',
    },
    headers: {
      md5: 'kAFQmDzST7DWlj99KOF/cg==',
      sha1: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=',
      sha256: 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
      sha512: '3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==',
      crc32: 'NSRBwg==',
      crc32c: 'Nks/tw==',
      crc64nvme: 'BeXKuz/B+us=',
      xxhash64: 'RLws9a13CZk=',
      xxhash3: 'eK9flIkvOVA=',
      xxhash128: 'BrBatnM6YYV4r1+UiS85UA==',
      crc64ecma: '3231342946509354535',
    },
  },
  {
    input: '123456789',
    bytes: () => Buffer.from('123456789'),
    digests: {
      md5: '25f9e794323b453885f5181f1b624d0b',
      sha1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
      sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      sha512: 'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
      crc32: 'cbf43926',
      crc32c: 'e3069283',
      crc64nvme: 'ae8b14860a799888',
      xxhash64: '8cb841db40e6ae83',
      xxhash3: '72dcb18b67a17dff',
      xxhash128: '33119477ede5dcd5e9716427681d5860',
      crc64ecma: '995dc9bbdf1939fa',
    },
    headers: {
      md5: 'JfnnlDI7RTiF9RgfG2JNCw==',
      sha1: '98O8HYCOBHMq32eZZczDTKeuNEE=',
      sha256: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
      sha512: '2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==',
      crc32: 'y/Q5Jg==',
      crc32c: '4waSgw==',
      crc64nvme: 'rosUhgp5mIg=',
      xxhash64: 'jLhB20DmroM=',
      xxhash3: 'ctyxi2ehff8=',
      xxhash128: 'MxGUd+3l3NXpcWQnaB1YYA==',
      crc64ecma: '11051210869376104954',
    },
  },
  {
    input: '1 MiB of zeros',
    bytes: () => new Uint8Array(MIB),
    digests: {
      md5: 'b6d81b360a5672d80c27430f39153e2c',
      sha1: '3b71f43ff30f4b15b5cd85dd9e95ebc7e84eb5a3',
      sha256: '30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58',
      sha512: 'd6292685b380e338e025b3415a90fe8f9d39a46e7bdba8cb78c50a338cefca741f69e4e46411c32de1afdedfb268e579a51f81ff85e56f55b0ee7c33fe8c25c9',
      crc32: 'a738ea1c',
      crc32c: '14298c12',
      crc64nvme: 'bd7696385da31b46',
      xxhash64: '87d2a1b6e1163ef1',
      xxhash3: '918780b90550bf34',
      xxhash128: 'b6ef17a3448492b6918780b90550bf34',
      crc64ecma: '606b70a23ebaf6c2',
    },
    headers: {
      md5: 'ttgbNgpWctgMJ0MPORU+LA==',
      sha1: 'O3H0P/MPSxW1zYXdnpXrx+hOtaM=',
      sha256: 'MOFJVevxNSJm3C/4Bn5oEEYH51CrudOzZYK4r5Cfy1g=',
      sha512: '1ikmhbOA4zjgJbNBWpD+j505pG5726jLeMUKM4zvynQfaeTkZBHDLeGv3t+yaOV5pR+B/4Xlb1Ww7nwz/owlyQ==',
      crc32: 'pzjqHA==',
      crc32c: 'FCmMEg==',
      crc64nvme: 'vXaWOF2jG0Y=',
      xxhash64: 'h9KhtuEWPvE=',
      xxhash3: 'kYeAuQVQvzQ=',
      xxhash128: 'tu8Xo0SEkraRh4C5BVC/NA==',
      crc64ecma: '6947770692288575170',
    },
  },
  {
    input: 'stream L',
    bytes: streamL,
    digests: {
      md5: 'c7aa83c47b23d0c25696742a805e0f0d',
      sha1: '582397b110223203332daae2c320944139360686',
      sha256: '3f09511f94e298b22ed76fd0361c1c5b3a2383af38793d371465e5070ec8f356',
      sha512: 'cd2ab1985c73c9442c675c81a26c4dadf93a51d42aa93d34f04acefba841da5f96ea1a751ae090116f6214177976bb411637f4df193f4037092cd896cad968ae',
      crc32: 'e7488c29',
      crc32c: '896ab2ba',
      crc64nvme: '5150c13ffcd6f7e9',
      xxhash64: 'a4f85d756b689b57',
      xxhash3: 'd49bfb77b96bdaad',
      xxhash128: 'ab44b1c5e5347c89d49bfb77b96bdaad',
      crc64ecma: '4db5eb62f6f4ac02',
    },
    headers: {
      md5: 'x6qDxHsj0MJWlnQqgF4PDQ==',
      sha1: 'WCOXsRAiMgMzLariwyCUQTk2BoY=',
      sha256: 'PwlRH5TimLIu12/QNhwcWzojg684eT03FGXlBw7I81Y=',
      sha512: 'zSqxmFxzyUQsZ1yBomxNrfk6UdQqqT008ErO+6hB2l+W6hp1GuCQEW9iFBd5drtBFjf03xk/QDcJLNiWytlorg==',
      crc32: '50iMKQ==',
      crc32c: 'iWqyug==',
      crc64nvme: 'UVDBP/zW9+k=',
      xxhash64: 'pPhddWtom1c=',
      xxhash3: '1Jv7d7lr2q0=',
      xxhash128: 'q0SxxeU0fInUm/t3uWvarQ==',
      crc64ecma: '5599640521987632130',
    },
  },
  {
    input: 'stream G',
    bytes: streamG,
    digests: {
      md5: 'f01fb81a38357f37ae1f42b026f3f4b4',
      sha1: 'c0a4fd8d6ec5af69f1398e60324c0aaf4d3349e8',
      sha256: '7a8a0e406be3987d7903e8958d109f8289b7c79cfdcdd49b84f40dc8b39bb40c',
      sha512: 'b7668d04e8c9f86208b248df8bd2214c060197d25a14aa5c33d68a0305d6ad6e18c466719ef76bf6dfd17dc4a89358855af1674ecc1aa63ed461979aee3c7bb2',
      crc32: '1357b94f',
      crc32c: 'ba0bfccf',
      crc64nvme: '5f42b87b01348411',
      xxhash64: 'df9cabc9dbf760f4',
      xxhash3: '35a95bfd8aacc3ef',
      xxhash128: 'cb4025d20122469a35a95bfd8aacc3ef',
      crc64ecma: '3c7fc9729a53ee52',
    },
    headers: {
      md5: '8B+4Gjg1fzeuH0KwJvP0tA==',
      sha1: 'wKT9jW7Fr2nxOY5gMkwKr00zSeg=',
      sha256: 'eooOQGvjmH15A+iVjRCfgom3x5z9zdSbhPQNyLObtAw=',
      sha512: 't2aNBOjJ+GIIskjfi9IhTAYBl9JaFKpcM9aKAwXWrW4YxGZxnvdr9t/RfcSok1iFWvFnTswapj7UYZea7jx7sg==',
      crc32: 'E1e5Tw==',
      crc32c: 'ugv8zw==',
      crc64nvme: 'X0K4ewE0hBE=',
      xxhash64: '35yrydv3YPQ=',
      xxhash3: 'Nalb/Yqsw+8=',
      xxhash128: 'y0Al0gEiRpo1qVv9iqzD7w==',
      crc64ecma: '4359424458370575954',
    },
  },
]

export interface MultipartVector {
  readonly partSizeBytes: number
  readonly partCount: number
  readonly L: string
  readonly G: string
}

/** Multipart ETags of the two streams. */
export const MULTIPART_ETAGS: readonly MultipartVector[] = [
  { partSizeBytes: 5242880, partCount: 4, L: 'ebc82c4b0fa3a9d13236222da8391a45-4', G: '1fd55898082b17e9263b0657447c5073-4' },
  { partSizeBytes: 8388608, partCount: 3, L: '87aebae67eed45749f1269a62f7315f6-3', G: 'f200875c03c5bb8dcd8a59d80360dc61-3' },
  { partSizeBytes: 15728640, partCount: 2, L: '1857141df195b759857a9a691cf16807-2', G: '481b1b7190ee64d87137192567d220d7-2' },
  { partSizeBytes: 16777216, partCount: 2, L: '4e8d0aef9054353b59796d9e1741edb0-2', G: 'ef9bfffcaa4d3955ecd5e191e68d8dd6-2' },
  { partSizeBytes: 20971520, partCount: 1, L: 'e8defeb3d043936c577544d462e6285a-1', G: 'e3b85d06aa33be60b613821c12a2b70d-1' },
]

/** ETags that providers document together with the ETags of the parts. */
export const DOCUMENTED_ETAGS: readonly { readonly source: string; readonly partMd5s: readonly string[]; readonly etag: string }[] = [
  {
    source: 'cloudflare/cloudflare-docs@abb2df9:src/content/docs/r2/objects/multipart-objects.mdx',
    partMd5s: ['bce6bf66aeb76c7040fdd5f4eccb78e6', '8165449fc15bbf43d3b674595cbcc406'],
    etag: 'f77dc0eecdebcd774a2a22cb393ad2ff-2',
  },
  {
    source: 'ibm-cloud-docs/cloud-object-storage@c7de927:multipart.md',
    partMd5s: ['7417ca8d45a71b692168f0419c17fe2f', '7417ca8d45a71b692168f0419c17fe2f'],
    etag: '765ba3df36cf24e49f67fc6f689dfc6e-2',
  },
]

export interface CompositeVector {
  readonly stream: 'L' | 'G'
  readonly algorithm: HashAlgorithm
  /** base64, of 8 + 8 + 4 MiB */
  readonly parts: readonly [string, string, string]
  readonly value: string
}

/** Composite checksums of the layout 8 + 8 + 4 MiB (nobody sends CRC64NVME so; the arithmetic is the same). */
export const COMPOSITES: readonly CompositeVector[] = [
  {
    stream: 'L',
    algorithm: 'crc32',
    parts: ['AqIaFg==', 'AqIaFg==', 'kd/Z+A=='],
    value: 'buAH8g==-3',
  },
  {
    stream: 'L',
    algorithm: 'crc32c',
    parts: ['/AkGHQ==', '/AkGHQ==', 'DzxsiA=='],
    value: 'EKqACg==-3',
  },
  {
    stream: 'L',
    algorithm: 'sha1',
    parts: ['p+i8Ht/DE6uWbg4gr0q+kHOB+qE=', 'p+i8Ht/DE6uWbg4gr0q+kHOB+qE=', '0dF571j+wC72RaTpcoVfkslGC8w='],
    value: 'XMcSFbAoFR5MRPEzMIHy6NALUdI=-3',
  },
  {
    stream: 'L',
    algorithm: 'sha256',
    parts: ['D/TWwGi+JGN+hOqfSBw8Kfevze8eBuH0Cmjl3oXcu1s=', 'D/TWwGi+JGN+hOqfSBw8Kfevze8eBuH0Cmjl3oXcu1s=', 'WfQfRv5SB58k7cMDCHolY0yRvudJG1PZlpXDnE2TRpY='],
    value: 'OS9DKSt4Amgnaq+XKOc9XOUCkSGXKl/S1e73YPc/mgE=-3',
  },
  {
    stream: 'L',
    algorithm: 'sha512',
    parts: [
      'G4b8pcw/8ikPmFcdiIt10hqbWjDTAIQlvZzLdnmb4+lreiwyZuKDJOXBm5pkpurSZduR5y86kzsxtAMI3MDkHw==',
      'G4b8pcw/8ikPmFcdiIt10hqbWjDTAIQlvZzLdnmb4+lreiwyZuKDJOXBm5pkpurSZduR5y86kzsxtAMI3MDkHw==',
      'MaMj2QGuqVQUdIlHqw+lqaP5qkwshc92hdlEhdxXobNjlxIopGRaWs40rQrHxJWYMo9RSHPNj/2XyycCWzO86A==',
    ],
    value: 'bXbQ5oKHXOWsOhZaIa1bYF5Lfc46d5PYMUmk7qaqAP4Oe+JjTinX1Byv74ZOHd8fxpK+Oy4oBjBOt5ciJHi4WA==-3',
  },
  {
    stream: 'L',
    algorithm: 'md5',
    parts: ['243s9f+6h8AlqtLDkGtz3g==', '243s9f+6h8AlqtLDkGtz3g==', 'YlY0KrQzN2Wt9k7a6DIqMw=='],
    value: 'h6665n7tRXSfEmmmL3MV9g==-3',
  },
  {
    stream: 'L',
    algorithm: 'crc64nvme',
    parts: ['/k7stQSVMBk=', '/k7stQSVMBk=', 'TfxRj+Id7t4='],
    value: '1oMhd3P9/m0=-3',
  },
  {
    stream: 'G',
    algorithm: 'crc32',
    parts: ['a1Gotw==', 'UZm9gw==', '0Q23Yw=='],
    value: 'V26kkA==-3',
  },
  {
    stream: 'G',
    algorithm: 'crc32c',
    parts: ['mNPoxg==', '8bDxGQ==', 'grgyZA=='],
    value: 'JXR7ug==-3',
  },
  {
    stream: 'G',
    algorithm: 'sha1',
    parts: ['7g1FbJvUv7T+6q6NOcqu3kf/9no=', '/NIGcWl++cDPE8bEWxYEHU5vn9o=', 'VXWSeB9fOC2ISOibdWPlj7z2R6s='],
    value: 'NWCzMg9cO4FbHmqB4b8IYZHYEw4=-3',
  },
  {
    stream: 'G',
    algorithm: 'sha256',
    parts: ['Df6+KtHWqO6cg/QJsx1PiBXXetic3wYzxgLskoy8tzs=', 'JA/4B8HG/ruZTIk2Ha6Zi3qYm0MGvYk2+tbNl5orssM=', '/2mSLj8GcJcl49/TOyBvYAnrv5vW1wxsdA29Ej1e97Q='],
    value: 'Lih0w61PoLiLPwvsPPb9TCQIqM3xggZnp/aWTnuB8d8=-3',
  },
  {
    stream: 'G',
    algorithm: 'sha512',
    parts: [
      'GZmdBOg+8IjSHYGkb8WzP+7SxD8dDmXgJvI8I4EVYHjNopNukCWSIHEESDUo416mL7CvEdQsn3C+vc9/2qAVXw==',
      'oIw0LSpCacHRDvvIyIEwusCKPJKxu+CVtglt+N29qiT17aPQ1l+UpG63RFovT5e0wGCgYMbX0OCMUt4VxcFJ8Q==',
      'RzdPCc9CTEZost9Kbvst7Qqw14te9D3qLYSK6tXZJrD2J49PmExSBtR/l8eT+UM6S3RpV9HnFPsBkK5zkTNjgw==',
    ],
    value: 'YKYdji4yHIg63tuAQVsbxLBmTF1LUI9SM4sxH/9XLUNiCAI4D3B9BEvbHfnAQ9fle9BTLJJ44oXD1u1h7/BlEw==-3',
  },
  {
    stream: 'G',
    algorithm: 'md5',
    parts: ['3wAtanY78hapimtT+6CbnQ==', 'dD+14wt0hRH+mVLx127DOg==', 'pi8qaUkMJq9I8oCXSB5Fww=='],
    value: '8gCHXAPFu43NilnYA2DcYQ==-3',
  },
  {
    stream: 'G',
    algorithm: 'crc64nvme',
    parts: ['6+4UG3Z3Xys=', 'oTcv5n8ZTUY=', '4J0BsShJTTU='],
    value: 'dYc0WiHmId8=-3',
  },
]

/** Part size and part count that each rule gives for large objects. */
export interface UploaderVector {
  readonly sizeBytes: number
  readonly uploader: string
  readonly partSizeBytes: number
  readonly partCount: number
}

export const UPLOADER_PART_SIZES: readonly UploaderVector[] = [
  { sizeBytes: 64424509440, uploader: 'aws-cli', partSizeBytes: 8388608, partCount: 7680 },
  { sizeBytes: 64424509440, uploader: 'JS, Java v1, Go', partSizeBytes: 6442451, partCount: 10000 },
  { sizeBytes: 64424509440, uploader: 'Java v2', partSizeBytes: 8388608, partCount: 7680 },
  { sizeBytes: 64424509440, uploader: 'CRT', partSizeBytes: 8388608, partCount: 7680 },
  { sizeBytes: 64424509440, uploader: 'rclone', partSizeBytes: 7340032, partCount: 8778 },
  { sizeBytes: 64424509440, uploader: 'minio-go', partSizeBytes: 16777216, partCount: 3840 },
  { sizeBytes: 64424509440, uploader: 'Cyberduck', partSizeBytes: 10485760, partCount: 6144 },
  { sizeBytes: 64424509440, uploader: 's5cmd', partSizeBytes: 52428800, partCount: 1229 },
  { sizeBytes: 107374182400, uploader: 'aws-cli', partSizeBytes: 16777216, partCount: 6400 },
  { sizeBytes: 107374182400, uploader: 'JS, Java v1, Go', partSizeBytes: 10737419, partCount: 10000 },
  { sizeBytes: 107374182400, uploader: 'Java v2', partSizeBytes: 10737419, partCount: 10000 },
  { sizeBytes: 107374182400, uploader: 'CRT', partSizeBytes: 16777216, partCount: 6400 },
  { sizeBytes: 107374182400, uploader: 'rclone', partSizeBytes: 11534336, partCount: 9310 },
  { sizeBytes: 107374182400, uploader: 'minio-go', partSizeBytes: 16777216, partCount: 6400 },
  { sizeBytes: 107374182400, uploader: 'Cyberduck', partSizeBytes: 10738492, partCount: 10000 },
  { sizeBytes: 107374182400, uploader: 's5cmd', partSizeBytes: 52428800, partCount: 2048 },
  { sizeBytes: 536870912000, uploader: 'aws-cli', partSizeBytes: 67108864, partCount: 8000 },
  { sizeBytes: 536870912000, uploader: 'JS, Java v1, Go', partSizeBytes: 53687092, partCount: 10000 },
  { sizeBytes: 536870912000, uploader: 'Java v2', partSizeBytes: 53687092, partCount: 10000 },
  { sizeBytes: 536870912000, uploader: 'CRT', partSizeBytes: 58720256, partCount: 9143 },
  { sizeBytes: 536870912000, uploader: 'rclone', partSizeBytes: 54525952, partCount: 9847 },
  { sizeBytes: 536870912000, uploader: 'minio-go', partSizeBytes: 67108864, partCount: 8000 },
  { sizeBytes: 536870912000, uploader: 'Cyberduck', partSizeBytes: 53692460, partCount: 10000 },
  { sizeBytes: 536870912000, uploader: 's5cmd', partSizeBytes: 53687092, partCount: 10000 },
  { sizeBytes: 1099511627776, uploader: 'aws-cli', partSizeBytes: 134217728, partCount: 8192 },
  { sizeBytes: 1099511627776, uploader: 'JS, Java v1, Go', partSizeBytes: 109951163, partCount: 10000 },
  { sizeBytes: 1099511627776, uploader: 'Java v2', partSizeBytes: 109951163, partCount: 10000 },
  { sizeBytes: 1099511627776, uploader: 'CRT', partSizeBytes: 117440512, partCount: 9363 },
  { sizeBytes: 1099511627776, uploader: 'rclone', partSizeBytes: 110100480, partCount: 9987 },
  { sizeBytes: 1099511627776, uploader: 'minio-go', partSizeBytes: 117440512, partCount: 9363 },
  { sizeBytes: 1099511627776, uploader: 'Cyberduck', partSizeBytes: 109962158, partCount: 10000 },
  { sizeBytes: 1099511627776, uploader: 's5cmd', partSizeBytes: 109951163, partCount: 10000 },
  { sizeBytes: 5497558138880, uploader: 'aws-cli', partSizeBytes: 1073741824, partCount: 5120 },
  { sizeBytes: 5497558138880, uploader: 'JS, Java v1, Go', partSizeBytes: 549755814, partCount: 10000 },
  { sizeBytes: 5497558138880, uploader: 'Java v2', partSizeBytes: 549755814, partCount: 10000 },
  { sizeBytes: 5497558138880, uploader: 'CRT', partSizeBytes: 553648128, partCount: 9930 },
  { sizeBytes: 5497558138880, uploader: 'rclone', partSizeBytes: 550502400, partCount: 9987 },
  { sizeBytes: 5497558138880, uploader: 'minio-go', partSizeBytes: 553648128, partCount: 9930 },
  { sizeBytes: 5497558138880, uploader: 'Cyberduck', partSizeBytes: 549810794, partCount: 10000 },
  { sizeBytes: 5497558138880, uploader: 's5cmd', partSizeBytes: 549755814, partCount: 10000 },
]

/** Feasible part sizes by object size and part count, with the whole MiB among them. */
export const FEASIBLE: readonly {
  readonly sizeBytes: number
  readonly partCount: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly wholeMib: readonly number[]
}[] = [
  { sizeBytes: 20 * MIB, partCount: 2, minBytes: 10_485_760, maxBytes: 20_971_519, wholeMib: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19] },
  { sizeBytes: 20 * MIB, partCount: 3, minBytes: 6_990_507, maxBytes: 10_485_759, wholeMib: [7, 8, 9] },
  { sizeBytes: 20 * MIB, partCount: 4, minBytes: 5_242_880, maxBytes: 6_990_506, wholeMib: [5, 6] },
  { sizeBytes: 10_240 * MIB, partCount: 1280, minBytes: 8_388_608, maxBytes: 8_395_166, wholeMib: [8] },
  { sizeBytes: 100_000_000_000, partCount: 10_000, minBytes: 10_000_000, maxBytes: 10_001_000, wholeMib: [] },
]
