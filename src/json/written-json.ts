/**
 * A part of an answer that is JSON already. It is one text where the value would be thousands of
 * objects, which the garbage collector visits as long as the answer waits for its other parts.
 * Only the writer of {@link jsonParts} knows it; `JSON.stringify` does not.
 */
export class WrittenJson {
  readonly text: string;

  constructor(value: object) {
    this.text = JSON.stringify(value);
  }
}
