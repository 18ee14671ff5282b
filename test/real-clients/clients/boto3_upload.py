"""Uploads objects with boto3: reads {endpoint, bucket, objects} as JSON from standard input."""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

job = json.load(sys.stdin)
bucket = job['bucket']
client = boto3.client(
    's3',
    endpoint_url=job['endpoint'],
    config=Config(s3={'addressing_style': 'path'}, retries={'max_attempts': 1}, max_pool_connections=8),
)
HEADERS = {
    'contentType': 'ContentType',
    'cacheControl': 'CacheControl',
    'contentDisposition': 'ContentDisposition',
    'contentEncoding': 'ContentEncoding',
    'contentLanguage': 'ContentLanguage',
    'expires': 'Expires',
}


def options_of(spec):
    options = {HEADERS[name]: value for name, value in spec['headers'].items()}
    if spec['metadata']:
        options['Metadata'] = spec['metadata']
    if spec['storageClass'] != 'STANDARD':
        options['StorageClass'] = spec['storageClass']
    if spec['websiteRedirect'] is not None:
        options['WebsiteRedirectLocation'] = spec['websiteRedirect']
    return options


def upload_parts(spec, options):
    where = {'Bucket': bucket, 'Key': spec['key']}
    upload = client.create_multipart_upload(**where, **options)
    parts = []
    with open(spec['file'], 'rb') as file:
        for number, size in enumerate(spec['partSizes'], 1):
            reply = client.upload_part(**where, UploadId=upload['UploadId'], PartNumber=number, Body=file.read(size))
            parts.append({'PartNumber': number, 'ETag': reply['ETag']})
    client.complete_multipart_upload(**where, UploadId=upload['UploadId'], MultipartUpload={'Parts': parts})


def upload(spec):
    try:
        options = options_of(spec)
        if spec['partSizes'] is not None:
            upload_parts(spec, options)
        elif spec['partSizeBytes'] is not None:
            config = TransferConfig(multipart_threshold=spec['partSizeBytes'], multipart_chunksize=spec['partSizeBytes'], max_concurrency=2)
            client.upload_file(spec['file'], bucket, spec['key'], ExtraArgs=options, Config=config)
        else:
            with open(spec['file'], 'rb') as file:
                client.put_object(Bucket=bucket, Key=spec['key'], Body=file, **options)
        if spec['tags']:
            # RGW drops the tags of CreateMultipartUpload: they are set afterwards on every object
            tag_set = [{'Key': tag['key'], 'Value': tag['value']} for tag in spec['tags']]
            client.put_object_tagging(Bucket=bucket, Key=spec['key'], Tagging={'TagSet': tag_set})
        return None
    except Exception as error:
        return f"{spec['name']}: {error}"


with ThreadPoolExecutor(2) as pool:
    failures = [failure for failure in pool.map(upload, job['objects']) if failure]
if failures:
    sys.exit('\n'.join(failures))
