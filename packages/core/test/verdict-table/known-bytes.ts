/** Digests of one short text. Hex in lower case, composites `base64-N`. */
export interface KnownBytes {
  readonly text: string
  readonly sizeBytes: number
  readonly digests: { readonly md5: string; readonly sha256: string; readonly crc32: string }
  /** MD5 over the MD5s of two parts: the first byte, the rest */
  readonly multipartEtag: string
  readonly composites: { readonly crc32: string; readonly sha256: string }
}

/**
 * Literal data, so that evidence can be built without hashing anything. Made with Python's hashlib and zlib; `abc` also stands in RFC 1321 (MD5)
 * and FIPS 180-4 (SHA-256). `abc` is what is right in every table; `abd` and `abe` are flipped, `abcd` and `ab` have another length.
 */
export const KNOWN_BYTES: Readonly<Record<'abc' | 'abd' | 'abe' | 'abcd' | 'ab', KnownBytes>> = {
  abc: {
    text: 'abc',
    sizeBytes: 3,
    digests: { md5: '900150983cd24fb0d6963f7d28e17f72', sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', crc32: '352441c2' },
    multipartEtag: '860df6524f1300aab8ff4bbe75852ada-2',
    composites: { crc32: 'u8nFmg==-2', sha256: '+hmmwN9WmYoOI02fTjJLQ80rYQH332uOywoWKvYycKA=-2' },
  },
  abd: {
    text: 'abd',
    sizeBytes: 3,
    digests: { md5: '4911e516e5aa21d327512e0c8b197616', sha256: 'a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9', crc32: 'ab40d461' },
    multipartEtag: 'f11dec6ea55ac7e3e945ec023b5c32df-2',
    composites: { crc32: '6mG8/A==-2', sha256: '8pSBiQiYklDOk6S8S+ZlzLPMXiD5kne1Vj9o499U5dc=-2' },
  },
  abe: {
    text: 'abe',
    sizeBytes: 3,
    digests: { md5: '7888d65a43501d992cc38638b59964d6', sha256: 'd81a65c1de02e17d9cfd88d68a8768fd1e3262f5e2fb859382fe33734b3f3ca8', crc32: 'dc47e4f7' },
    multipartEtag: '6d15fe220c87bc0fdb9fd55fb21c5ecf-2',
    composites: { crc32: '3+wy3g==-2', sha256: 'K76GURAlv2smXxc/YkVZsdSTd9X2jFwnXWuOhsuEsao=-2' },
  },
  abcd: {
    text: 'abcd',
    sizeBytes: 4,
    digests: { md5: 'e2fc714c4727ee9395f324cd2e7f331f', sha256: '88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589', crc32: 'ed82cd11' },
    multipartEtag: '10c25fec1f37b579348707e3cc0c0082-2',
    composites: { crc32: 'lkzzsQ==-2', sha256: 'eIkEvliNFeFl/moPFtO0boo8b4Z9870lfKnbcFEiBU8=-2' },
  },
  ab: {
    text: 'ab',
    sizeBytes: 2,
    digests: { md5: '187ef4436122d1cc2f40dc2b92f0eba0', sha256: 'fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603', crc32: '9e83486d' },
    multipartEtag: '96e024ba2074fe77e8e965ba43a704be-2',
    composites: { crc32: '7pJxdw==-2', sha256: '5aAf7hTg7VxIcU8iGA8lrYNltT+XefedxKPX6Tlj+Uo=-2' },
  },
}

/** Of `abc`: facts vectors, checked with hash-wasm and the CRC catalogue's definitions. */
export const ABC_CRC64NVME = '05e5cabb3fc1faeb'
/** CRC-64/XZ of `abc`; Alibaba OSS and Tencent COS write it in decimal: 3231342946509354535 */
export const ABC_CRC64ECMA = '2cd8094a1a277627'
/** MD5 over the MD5 of `abc`: a one-part upload, without its `-1` */
export const ABC_ONE_PART_ETAG = 'af5da9f45af7a300e3aded972f8ff687-1'
