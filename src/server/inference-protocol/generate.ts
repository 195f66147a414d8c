import { badInput } from '../../errors.ts';
import type { Call } from '../../services/call.ts';
import type { PredictionService } from '../../services/services.ts';
import type { JsonReader } from '../../json/json-reader.ts';
import { toJsonValue } from '../../tensor/json-value.ts';

/**
 * Answers `generate`: one text in, one text out. A model whose encoder reads texts answers with its
 * prediction, one whose only input is a BYTES tensor with its first BYTES output.
 *
 * @throws {ServiceError} `BAD_USER_INPUT` for a model that takes anything else
 */
export async function generate(
  call: Call,
  predictions: PredictionService,
  {
    model,
    version,
    body,
  }: { readonly model: string; readonly version: string | undefined; readonly body: Buffer },
  json: JsonReader,
): Promise<Readonly<Record<string, unknown>>> {
  const parsed = await json.parseExact(body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badInput('The body must be a JSON object with a text_input.');
  }
  const { text_input: text, id } = parsed as Record<string, unknown>;
  if (typeof text !== 'string') throw badInput('"text_input" must be a text.');
  if (id !== undefined && typeof id !== 'string') throw badInput('"id" must be a text.');
  const { inputKind, signature } = predictions.describe(call, { model, version });
  const [input, ...others] = signature.inputs;
  const head = id === undefined ? {} : { id };
  if (inputKind === 'text') {
    const answer = await predictions.predict(call, { model, version, input: { text } });
    const { prediction } = answer;
    return {
      ...head,
      model_name: answer.model,
      model_version: answer.version,
      text_output:
        typeof prediction === 'string' ? prediction : JSON.stringify(toJsonValue(prediction)),
    };
  }
  if (!input || others.length > 0 || input.datatype !== 'BYTES') {
    throw badInput(`Model "${model}" does not take one text; ask it with infer.`);
  }
  const shape = input.shape.map((size) => size ?? 1);
  const tensor = { name: input.name, datatype: input.datatype, shape, data: [text] };
  const answer = await predictions.predict(call, {
    model,
    version,
    raw: true,
    allOutputs: true,
    input: { tensors: [tensor] },
  });
  const output = answer.outputs.find(({ datatype }) => datatype === 'BYTES') ?? answer.outputs[0];
  const data = output ? (toJsonValue(output.data) as unknown[]) : [];
  return {
    ...head,
    model_name: answer.model,
    model_version: answer.version,
    text_output: data.length === 1 && typeof data[0] === 'string' ? data[0] : JSON.stringify(data),
  };
}
