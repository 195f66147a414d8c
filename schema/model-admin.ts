import type { TrafficShare } from '../src/services/traffic.ts';
import { badInput } from '../src/errors.ts';
import type { Builder } from './builder.ts';
import type { ModelRefs } from './model.ts';

const NAME_DEPRECATED = 'Use model. Accepted until 1 June 2027.';

/** Defines the mutations that change what is served. */
export function defineModelAdmin(builder: Builder, { model: modelRef }: ModelRefs): void {
  const shareInput = builder.inputType('TrafficShareInput', {
    description: "A version's share of the requests that do not name a version.",
    fields: (t) => ({
      version: t.string({
        required: true,
        description: 'Version, or a version label.',
        validate: { minLength: 1, maxLength: 256 },
      }),
      percent: t.float({
        required: true,
        description: 'Share in percent, 0 to 100.',
        validate: { min: 0, max: 100 },
      }),
    }),
  });

  builder.mutationFields((t) => {
    const model = t.arg.string({ description: 'Name of the model. Required.' });
    const name = t.arg.string({
      description: 'Name of the model.',
      deprecationReason: NAME_DEPRECATED,
    });
    const force = t.arg.boolean({
      defaultValue: false,
      description: 'Whether to accept a version whose signature breaks existing clients.',
    });
    return {
      loadModel: t.field({
        type: modelRef,
        description:
          'Loads a model, or one version of it, and returns once it is ready. Fails with CONFLICT ' +
          'if it would break clients and with MODEL_NOT_READY if it cannot be loaded.',
        args: {
          model,
          name,
          version: t.arg.string({
            description:
              'Version to load regardless of the version policy. Defaults to those of the policy.',
          }),
          force,
        },
        resolve: (_root, args, { services, call }) =>
          services.admin.loadModel(
            call,
            nameOf(args),
            args.version ?? undefined,
            args.force ?? false,
          ),
      }),
      unloadModel: t.field({
        type: modelRef,
        description:
          'Unloads a model, or one version of it, until it is loaded again by hand. Returns once ' +
          'running predictions have finished and the memory is freed.',
        args: {
          model,
          name,
          version: t.arg.string({ description: 'Version to unload. Defaults to all versions.' }),
        },
        resolve: (_root, args, { services, call }) =>
          services.admin.unloadModel(call, nameOf(args), args.version ?? undefined),
      }),
      reloadModels: t.field({
        type: [modelRef],
        description:
          'Applies changes in the folder of a model, or of all models, and returns once they serve.',
        args: {
          model: t.arg.string({ description: 'Name of the model. Defaults to all models.' }),
          name,
          force,
        },
        resolve: async (_root, args, { services, call }) => [
          ...(await services.admin.reloadModels(
            call,
            args.model ?? args.name ?? undefined,
            args.force ?? false,
          )),
        ],
      }),
      setTraffic: t.field({
        type: modelRef,
        description:
          'Overrides the traffic settings of model.yaml for requests that name no version. With ' +
          'neither `split` nor `shadow`, those of model.yaml apply again.',
        args: {
          model: t.arg.string({ required: true, description: 'Name of the model.' }),
          split: t.arg({
            type: [shareInput],
            description: 'Traffic split; the rest up to 100 percent goes to the serving version.',
            validate: { maxLength: 100 },
          }),
          shadow: t.arg({
            type: shareInput,
            description:
              'Version that also runs a share of the requests, for comparison only. Defaults to ' +
              'none.',
          }),
        },
        resolve: (_root, { model: wanted, split, shadow }, { services, call }) =>
          services.admin.setTraffic(
            call,
            wanted,
            split || shadow
              ? { split: (split ?? []).map(toShare), shadow: shadow ? toShare(shadow) : null }
              : null,
          ),
      }),
    };
  });
}

function toShare({ version, percent }: TrafficShare): TrafficShare {
  return { version, percent };
}

/** The name of a model by the argument of today or by that of 0.1. */
function nameOf(args: {
  readonly model?: string | null | undefined;
  readonly name?: string | null | undefined;
}): string {
  const name = args.model ?? args.name;
  if (name === undefined || name === null) throw badInput('model: the name of a model is needed.');
  return name;
}
