import type { TrafficShare } from '../src/services/traffic.ts';
import type { Builder } from './builder.ts';
import type { ModelRefs } from './model.ts';

/** Defines the mutations that change what is served. */
export function defineModelAdmin(builder: Builder, { model }: ModelRefs): void {
  const shareInput = builder.inputType('TrafficShareInput', {
    description: 'A version and its share of the requests that name no version.',
    fields: (t) => ({
      version: t.string({
        required: true,
        description: 'Version, or a label for one.',
        validate: { minLength: 1, maxLength: 256 },
      }),
      percent: t.float({
        required: true,
        description: 'Percent of the requests, 0 to 100.',
        validate: { min: 0, max: 100 },
      }),
    }),
  });

  builder.mutationFields((t) => {
    const name = t.arg.string({ required: true, description: 'Name of the model: its folder.' });
    const force = t.arg.boolean({
      defaultValue: false,
      description: 'Takes a change that breaks the contract of what serves.',
    });
    return {
      loadModel: t.field({
        type: model,
        description:
          'Loads a model, or one version of it, beside what serves, and answers when it is ready: ' +
          'CONFLICT where it would break clients, MODEL_NOT_READY where it cannot be loaded.',
        args: {
          name,
          version: t.arg.string({
            description: 'Version to load whatever the policy says. Left out: those of the policy.',
          }),
          force,
        },
        resolve: (_root, args, { services, call }) =>
          services.admin.loadModel(call, args.name, args.version ?? undefined, args.force ?? false),
      }),
      unloadModel: t.field({
        type: model,
        description:
          'Takes a model, or one version of it, out of memory until it is loaded by hand again. ' +
          'Answers when what it had begun has ended and its memory is freed.',
        args: { name, version: t.arg.string({ description: 'Version. Left out: all of them.' }) },
        resolve: (_root, args, { services, call }) =>
          services.admin.unloadModel(call, args.name, args.version ?? undefined),
      }),
      reloadModels: t.field({
        type: [model],
        description:
          'Takes what has changed in the folder of a model, or of all, and answers when it serves.',
        args: {
          name: t.arg.string({ description: 'Name of the model. Left out: all.' }),
          force,
        },
        resolve: async (_root, args, { services, call }) => [
          ...(await services.admin.reloadModels(call, args.name ?? undefined, args.force ?? false)),
        ],
      }),
      setTraffic: t.field({
        type: model,
        description:
          'Spreads the requests that name no version, instead of what model.yaml says. With ' +
          'neither `split` nor `shadow`, model.yaml counts again.',
        args: {
          model: t.arg.string({ required: true, description: 'Name of the model.' }),
          split: t.arg({
            type: [shareInput],
            description: 'Shares; what is left of 100 percent goes to the serving version.',
            validate: { maxLength: 100 },
          }),
          shadow: t.arg({
            type: shareInput,
            description:
              'Version that runs a share of the requests too; its answers are compared and never ' +
              'sent. Left out: none.',
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
