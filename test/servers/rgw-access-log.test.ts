import { expect, it } from 'vitest'
import { parseRgwLog } from './rgw-access-log.ts'

// written by Ceph 16.2.15; names are shortened
const LOG = `2026-11-22T03:42:01.725+0000 7f4820fe16c0  1 ====== starting new request req=0x7f488c43c6e0 =====
2026-11-22T03:42:01.729+0000 7f48117c26c0  1 ====== req done req=0x7f488c43c6e0 op status=0 http_status=200 latency=0.004000000s ======
2026-11-22T03:43:40.669+0000 7f480e7bc6c0  1 beast: 0x7f488c33a6e0: 127.0.0.1 - dst [22/Nov/2026:03:43:40.525 +0000] "PUT /directions/two-parts?partNumber=2&uploadId=2~Zcp-EyX HTTP/1.1" 200 5242879 - "sealift" - latency=0.143999994s
2026-11-22T03:44:46.953+0000 7f48117c26c0  1 beast: 0x7f488c3bb6e0: 127.0.0.1 - dst [22/Nov/2026:03:44:46.953 +0000] "HEAD /conformance/case-18/a/../b HTTP/1.1" 404 0 - "aws-sdk-js/3.1168.0 ua/2.1 os/linux" - latency=0.000000000s
`

it('reads method, target and status of each answered request, and nothing else', () => {
  expect(parseRgwLog(LOG)).toEqual([
    { method: 'PUT', target: '/directions/two-parts?partNumber=2&uploadId=2~Zcp-EyX', status: 200 },
    { method: 'HEAD', target: '/conformance/case-18/a/../b', status: 404 },
  ])
})
