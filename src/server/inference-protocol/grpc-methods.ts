import { badInput, ServiceError } from '../../errors.ts';
import {
  type InferRequestMessage,
  type InferResponseMessage,
} from '../../inference-protocol/messages.ts';
import type { Call } from '../../services/call.ts';
import type { Services } from '../../services/services.ts';
import { readInferMessage, toInferMessage } from './grpc-infer.ts';
import { infer } from './infer.ts';
import {
  EXTENSIONS,
  type ModelConfigDocument,
  SERVER_NAME,
  toConfig,
  toIndex,
  toMetadata,
} from './model-documents.ts';
import { isModelReady, requireNoFiles, unload } from './routes.ts';
import { toStatisticsDocument } from './statistics-document.ts';

/** What a method answers with. */
export interface GrpcContext {
  readonly call: Call;
  readonly services: Services;
  readonly serverVersion: string;
}

interface Named {
  readonly name: string;
  readonly version: string;
}

interface RepositoryRequest {
  readonly repository_name: string;
  readonly model_name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Answers one message with one. */
export type UnaryMethod = (message: unknown, context: GrpcContext) => object | Promise<object>;

const versionOf = ({ version }: Named): string | undefined =>
  version === '' ? undefined : version;

/** The model that a message is for, for the log; `undefined` for messages that are for none. */
export function modelOf(message: unknown): string | undefined {
  const { name, model_name: model } = message as Partial<Named & RepositoryRequest>;
  return [model, name].find((given) => typeof given === 'string' && given !== '');
}

/** The methods of the service that answer once, by name. */
export const UNARY_METHODS: Readonly<Record<string, UnaryMethod>> = {
  ServerLive: () => ({ live: true }),
  ServerReady: (_message, { services, call }) => ({ ready: services.health.report(call).ready }),
  ModelReady(message, { services, call }) {
    const named = message as Named;
    // One that there is not is not ready: that is no error here.
    return { ready: isModelReady(services.models.get(call, named.name), versionOf(named)) };
  },
  ServerMetadata: (_message, { serverVersion }) => ({
    name: SERVER_NAME,
    version: serverVersion,
    extensions: EXTENSIONS,
  }),
  ModelMetadata(message, context) {
    const { interfaceOf, status } = look(message as Named, context);
    return toMetadata(interfaceOf, status);
  },
  ModelConfig(message, context) {
    const { interfaceOf, status } = look(message as Named, context);
    return { config: toConfigMessage(toConfig(interfaceOf, status)) };
  },
  ModelStatistics(message, { services, call }) {
    const named = message as Named;
    const model = named.name === '' ? undefined : named.name;
    const document = toStatisticsDocument(
      services.metrics.statistics(call, model),
      versionOf(named),
    );
    if (named.version !== '' && document.model_stats.length === 0) {
      throw new ServiceError('MODEL_NOT_FOUND', `There is no version "${named.version}".`);
    }
    return document;
  },
  async ModelInfer(message, { services, call }): Promise<InferResponseMessage> {
    const request = readInferMessage(message as InferRequestMessage);
    return toInferMessage(await infer(call, request, services.predictions));
  },
  RepositoryIndex(message, { services, call }) {
    return { models: toIndex(services.models.list(call), (message as { ready: boolean }).ready) };
  },
  async RepositoryModelLoad(message, { services, call }) {
    const { model, isKServe, parameters } = readRepository(message as RepositoryRequest);
    requireNoFiles(parameters);
    await services.admin.loadModel(call, model);
    return isKServe ? { model_name: model, is_loaded: true } : {};
  },
  async RepositoryModelUnload(message, { services, call }) {
    const { model, isKServe } = readRepository(message as RepositoryRequest);
    await unload(model, services, call);
    return isKServe ? { model_name: model, is_unloaded: true } : {};
  },
};

/** KServe's own message has the name of the model where Triton's has that of the repository. */
function readRepository({
  repository_name: first,
  model_name: second,
  parameters,
}: RepositoryRequest) {
  const isKServe = second === '';
  const model = isKServe ? first : second;
  if (model === '') throw badInput('The request names no model.');
  return { model, isKServe, parameters: parameters ?? {} };
}

function look(named: Named, { services, call }: GrpcContext) {
  const status = services.models.get(call, named.name);
  const interfaceOf = services.predictions.describe(call, {
    model: named.name,
    version: versionOf(named),
  });
  if (!status) throw new ServiceError('MODEL_NOT_FOUND', `There is no model "${named.name}".`);
  return { interfaceOf, status };
}

const DATA_TYPES: readonly string[] = [
  'TYPE_INVALID',
  'TYPE_BOOL',
  'TYPE_UINT8',
  'TYPE_UINT16',
  'TYPE_UINT32',
  'TYPE_UINT64',
  'TYPE_INT8',
  'TYPE_INT16',
  'TYPE_INT32',
  'TYPE_INT64',
  'TYPE_FP16',
  'TYPE_FP32',
  'TYPE_FP64',
  'TYPE_STRING',
  'TYPE_BF16',
];

/** Enumerations are numbers on the wire. */
function toConfigMessage(config: ModelConfigDocument): object {
  const numbered = <T extends { readonly data_type: string }>({ data_type: type, ...rest }: T) => ({
    ...rest,
    data_type: DATA_TYPES.indexOf(type),
  });
  return {
    ...config,
    input: config.input.map(({ name, data_type, dims, optional }) =>
      numbered({ name, data_type, dims, optional }),
    ),
    output: config.output.map(numbered),
  };
}
