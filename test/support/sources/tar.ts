import { Header } from 'tar';

/** A tar archive of entries as they come, hostile ones too. */
export function tarOf(
  entries: readonly { path: string; content?: string | Buffer; type?: string; linkpath?: string }[],
): Buffer {
  const blocks: Buffer[] = [];
  for (const { path: name, content = '', type = 'File', linkpath } of entries) {
    const data = Buffer.from(content);
    const header = new Header({
      path: name,
      size: data.byteLength,
      mode: 0o644,
      mtime: new Date(0),
      type: type as 'File',
      ...(linkpath !== undefined && { linkpath }),
    });
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    blocks.push(block, data, Buffer.alloc((512 - (data.byteLength % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
