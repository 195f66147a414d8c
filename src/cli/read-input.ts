import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { type InputKind, type ModelInput, modelInputSchema } from '../services/model-input.ts';
import { UsageError } from './report.ts';

/**
 * Turns the INPUT of the command line into what a model takes.
 *
 * @param argument a text, JSON, `@file` or `-` for standard input
 * @param kind what the model takes
 * @throws {UsageError} saying what the model takes
 */
export async function readInput(argument: string, kind: InputKind): Promise<ModelInput> {
  if (kind === 'image') return { image: await readImage(argument) };
  const content = await readContent(argument);
  if (kind === 'text') return { text: content };
  const value = parseJson(content, kind);
  const parsed = modelInputSchema.safeParse({ [kind]: value });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`The input is not ${NEEDED[kind]}: ${issue?.message ?? 'unknown problem'}.`);
}

const NEEDED: Readonly<Record<Exclude<InputKind, 'text' | 'image'>, string>> = {
  features: 'a JSON object of values by column, such as {"age": 41}',
  tensors: 'a JSON list of tensors, such as [{"name": "x", "datatype": "FP32", …}]',
};

async function readImage(argument: string): Promise<string> {
  if (argument.startsWith('@')) return (await readFile(argument.slice(1))).toString('base64');
  if (argument.startsWith('data:')) return argument;
  throw new UsageError('This model takes an image: give its file as @FILE.');
}

async function readContent(argument: string): Promise<string> {
  if (argument === '-') return (await readStream(process.stdin)).trimEnd();
  if (argument.startsWith('@')) return (await readFile(argument.slice(1), 'utf8')).trimEnd();
  return argument;
}

function parseJson(content: string, kind: 'features' | 'tensors'): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    throw new UsageError(`The input is not ${NEEDED[kind]}: it is no JSON.`);
  }
}
