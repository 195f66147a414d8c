import { request } from '../api/graphql.ts';
import { LOAD, SET_TRAFFIC, UNLOAD } from '../api/operate.ts';
import type { Model, TrafficShare } from '../api/types.ts';
import type { Action } from './action.ts';

/** How the requests of a model are spread that name no version. */
export interface Traffic {
  readonly split: readonly TrafficShare[];
  readonly shadow: TrafficShare | null;
}

const HOLDS =
  'It holds on every replica until it is set again, or the traffic in model.yaml changes.';
const NAMED = 'Requests that name a version are answered by that one, as before.';
const HERE = 'Only the replica that answers this page does it.';

/** What a spread of the requests means, in sentences. */
export function describeTraffic({ split, shadow }: Traffic, serving: string | null): string[] {
  const shares = split.filter(({ percent }) => percent > 0);
  const dealt = shares.reduce((sum, { percent }) => sum + percent, 0);
  const rest = serving === null ? 'no version' : `version ${serving}`;
  const sentences = shares.map(
    ({ version, percent }) =>
      `Version ${version} answers ${percent} % of the requests that name no version.`,
  );
  if (dealt === 0) {
    sentences.push(`All requests that name no version are answered by ${rest}.`);
  } else if (dealt < 100) sentences.push(`The rest is answered by ${rest}.`);
  if (shadow) {
    sentences.push(
      `Version ${shadow.version} runs ${shadow.percent} % of them too; its answers are compared and not sent.`,
    );
  }
  return sentences;
}

/** Sets split and shadow together. */
export function setTraffic(model: Model, traffic: Traffic, title: string, verb: string): Action {
  return {
    title,
    verb,
    effects: [...describeTraffic(traffic, model.servingVersion), NAMED, HOLDS],
    run: () => request(SET_TRAFFIC, { model: model.name, ...traffic }),
  };
}

/** Gives a version all requests that name none. */
export function promote(model: Model, version: string): Action {
  const shadow = model.shadow?.version === version ? null : model.shadow;
  const { run } = setTraffic(model, { split: [{ version, percent: 100 }], shadow }, '', '');
  const had = model.traffic.find((share) => share.version === version)?.percent ?? 0;
  return {
    title: `Promote version ${version}`,
    verb: 'Promote',
    effects: [
      `All requests that name no version go to version ${version}, which has ${had} % of them now.`,
      `Version ${model.servingVersion ?? '–'} stays in memory: “Roll back” returns to it at once.`,
      ...(shadow || !model.shadow ? [] : [`Version ${version} is no longer a shadow.`]),
      HOLDS,
      `To keep it for good, set version: '${version}' in model.yaml.`,
    ],
    run,
  };
}

/** Gives all requests that name no version to the serving version. */
export function rollBack(model: Model): Action {
  const serving = model.servingVersion ?? '–';
  const lost = model.traffic.map(({ version, percent }) => `version ${version} (${percent} %)`);
  return {
    title: `Roll back to version ${serving}`,
    verb: 'Roll back',
    isDangerous: true,
    effects: [
      `All requests that name no version go to version ${serving} at once.`,
      `No share is left to ${lost.join(', ')}; what is loaded stays in memory.`,
      ...(model.shadow ? [`Version ${model.shadow.version} goes on as a shadow.`] : []),
      HOLDS,
    ],
    run: () => request(SET_TRAFFIC, { model: model.name, split: [], shadow: model.shadow }),
  };
}

/** Lets model.yaml rule the traffic again. */
export function followManifest(model: Model): Action {
  return {
    title: 'Follow model.yaml again',
    verb: 'Follow model.yaml',
    effects: [
      'What was set by hand is dropped: split and shadow are those of model.yaml, on every replica.',
      'If model.yaml has none, the serving version answers everything and nothing is a shadow.',
    ],
    run: () => request(SET_TRAFFIC, { model: model.name, split: null, shadow: null }),
  };
}

/** Runs a version beside the one that answers, or ends that. */
export function shadow(model: Model, version: string): Action {
  const { traffic: split } = model;
  if (model.shadow?.version === version) {
    const traffic = { split, shadow: null };
    return setTraffic(model, traffic, `End the shadow of version ${version}`, 'End the shadow');
  }
  const traffic = { split, shadow: { version, percent: 100 } };
  return setTraffic(model, traffic, `Start the shadow of version ${version}`, 'Start the shadow');
}

/** Loads a version. */
export function loadVersion(model: Model, version: string): Action {
  return {
    title: `Load version ${version}`,
    verb: 'Load',
    effects: [
      `Version ${version} is loaded and warmed up beside what serves; requests see no pause.`,
      'Once it is ready it serves if the settings of the model say so.',
      HERE,
    ],
    run: (force) => request(LOAD, { model: model.name, version, force }),
  };
}

/** Unloads a version. @param inFlight predictions that it is working on */
export function unloadVersion(model: Model, version: string, inFlight: number): Action {
  const share = model.traffic.find((each) => each.version === version);
  const isServing = model.servingVersion === version;
  return {
    title: `Unload version ${version}`,
    verb: 'Unload',
    isDangerous: true,
    effects: [
      `Version ${version} finishes what it has begun (${inFlight} in progress); then its memory is freed.`,
      ...(share ? [`Its ${share.percent} % of the requests go to the serving version.`] : []),
      ...(isServing
        ? ['It serves: another version that is ready takes over; without one, requests fail.']
        : []),
      'It stays unloaded until it is loaded by hand, or the server starts anew.',
      HERE,
    ],
    run: () => request(UNLOAD, { model: model.name, version }),
  };
}

/** Loads a whole model. */
export function loadModel(model: Model): Action {
  return {
    title: `Load ${model.name}`,
    verb: 'Load',
    effects: [
      'The versions that its settings name are loaded and warmed up; then it answers.',
      HERE,
    ],
    run: (force) => request(LOAD, { model: model.name, version: null, force }),
  };
}

/** Unloads a whole model. */
export function unloadModel(model: Model): Action {
  return {
    title: `Unload ${model.name}`,
    verb: 'Unload',
    isDangerous: true,
    effects: [
      'All of its versions finish what they have begun; then their memory is freed.',
      `Requests to ${model.name} fail with MODEL_NOT_READY from now on.`,
      ...(model.isDefault ? ['It is the default model: requests that name none fail too.'] : []),
      'It stays unloaded until it is loaded by hand, or the server starts anew.',
      HERE,
    ],
    run: () => request(UNLOAD, { model: model.name, version: null }),
  };
}
