import { describe, expect, it } from 'vitest';
import { parseAddress, parseAddresses } from '../../../src/repository/sources/address.ts';

describe('addresses of MODELS_URL', () => {
  it.each([
    ['s3://b/p/q/', { kind: 'bucket', scheme: 's3', bucket: 'b', prefix: 'p/q' }],
    ['gs://bkt', { kind: 'bucket', scheme: 'gs', bucket: 'bkt', prefix: '' }],
    ['hf://o/n', { kind: 'hub', name: 'n', repository: 'o/n', revision: 'main' }],
    ['hf:o/n@refs/pr/1', { kind: 'hub', name: 'n', repository: 'o/n', revision: 'refs/pr/1' }],
    ['x=hf://o/n@v1', { kind: 'hub', name: 'x', repository: 'o/n', revision: 'v1' }],
    ['mlflow:m@champion', { kind: 'mlflow', name: 'm', model: 'm', alias: 'champion' }],
    ['mlflow://m/3', { kind: 'mlflow', model: 'm', version: '3' }],
    ['a.b=mlflow:my%20model', { kind: 'mlflow', name: 'a.b', model: 'my model' }],
    ['https://h/x.tar.gz?sig=a=b', { kind: 'archive', url: 'https://h/x.tar.gz?sig=a=b' }],
    ['n=https://h/x.tgz', { kind: 'archive', name: 'n', url: 'https://h/x.tgz' }],
    ['./models', { kind: 'local', path: './models' }],
    ['file:///a%20b', { kind: 'local', path: '/a b' }],
  ])('%s', (text, parts) => {
    const address = JSON.parse(JSON.stringify(parseAddress(text))) as unknown;
    expect(address).toMatchObject(parts);
  });

  it('are separated by commas', () => {
    expect(parseAddresses(' s3://bb/x , m=hf:o/n,')).toHaveLength(2);
  });

  it.each([
    ['', /expected s3:/],
    ['ftp://h/x.tar.gz', /ftp: is not known/],
    ['s3://', /expected s3:\/\/bucket/],
    ['hf://a/b/c', /expected hf:/],
    ['hf://a/b@../x', /expected hf:/],
    ['https://h/model.zip', /ends in .tar.gz/],
    ['https://user:pass@h/model.zip', /^(?!.*pass)/],
    ['http://h/x.tar.gz', /plain http is taken with #sha256/],
    ['https://h/x.tar.gz#md5=1', /only sha256=/],
    ['.x=s3://bb/p', /the name ".x" is not allowed/],
    ['mlflow:my model', /needs a name in front/],
  ])('%s is refused with what is allowed', (text, message) => {
    expect(() => parseAddresses(text)).toThrow(message);
  });
});
