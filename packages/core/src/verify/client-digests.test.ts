import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KNOWN_BYTES } from '../../test/verdict-table/known-bytes.ts'
import { clientDigests } from './client-digests.ts'

const MD5 = KNOWN_BYTES.abc.digests.md5
const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e'

describe('digests that an uploading client left', () => {
  // rclone backend/s3/s3.go: base64 of the raw MD5, on multipart uploads
  test('rclone: md5chksum', () => {
    expect(clientDigests({ md5chksum: 'kAFQmDzST7DWlj99KOF/cg==', mtime: '1700000000.5' })).toEqual([{ algorithm: 'md5', hex: MD5 }])
  })

  // s3cmd S3/S3.py: `/`-separated name:value fields, the MD5 in hex
  test('s3cmd: s3cmd-attrs', () => {
    const attributes = `atime:1763600000/ctime:1763600000/gid:0/gname:root/md5:${MD5}/mode:33188/mtime:1763600000/uid:0/uname:root`
    expect(clientDigests({ 's3cmd-attrs': attributes })).toEqual([{ algorithm: 'md5', hex: MD5 }])
    expect(clientDigests({ 's3cmd-attrs': `md5:${MD5}` })).toEqual([{ algorithm: 'md5', hex: MD5 }])
    expect(clientDigests({ 's3cmd-attrs': `uid:0/md5:${MD5.toUpperCase()}` })).toEqual([{ algorithm: 'md5', hex: MD5 }])
  })

  test('both, when both left one', () => {
    expect(clientDigests({ md5chksum: '1B2M2Y8AsgTpgAmY7PhCfg==', 's3cmd-attrs': `md5:${MD5}` })).toEqual([
      { algorithm: 'md5', hex: EMPTY_MD5 },
      { algorithm: 'md5', hex: MD5 },
    ])
  })

  test.each([
    ['nothing', {}],
    ['hex where base64 belongs', { md5chksum: MD5 }],
    ['a SHA-1 in base64', { md5chksum: 'qZk+NkcGgWq6PiVxeFDCbJzQ2J0=' }],
    ['a cut value', { md5chksum: 'kAFQmDzST7DWlj99KOF/' }],
    ['an empty value', { md5chksum: '', 's3cmd-attrs': '' }],
    ['base64 with other characters', { md5chksum: 'kAFQmDzST7DWlj99KOF_cg==' }],
    ['more text around it', { md5chksum: ' kAFQmDzST7DWlj99KOF/cg==' }],
    ['an MD5 of the wrong length', { 's3cmd-attrs': `md5:${MD5.slice(1)}/uid:0` }],
    ['an MD5 that goes on', { 's3cmd-attrs': `md5:${MD5}0/uid:0` }],
    ['another field that ends so', { 's3cmd-attrs': `notmd5:${MD5}/uid:0` }],
    ['another name', { md5: MD5, 'content-md5': 'kAFQmDzST7DWlj99KOF/cg==' }],
  ])('%s is no digest', (_, user: Record<string, string>) => {
    expect(clientDigests(user)).toEqual([])
  })

  test('any metadata gives at most well-formed MD5s', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (rclone, s3cmd) => {
        for (const digest of clientDigests({ md5chksum: rclone, 's3cmd-attrs': s3cmd }))
          expect(digest).toMatchObject({ algorithm: 'md5', hex: expect.stringMatching(/^[0-9a-f]{32}$/) })
      }),
    )
  })
})
