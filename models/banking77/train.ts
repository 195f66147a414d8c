/**
 * Trains the model from Banking77's training rows:
 *
 *     npx tsx models/banking77/train.ts PATH_TO_train.csv [--version 1] [--out FOLDER] [--seed 1]
 *
 * First it trains on a part of the rows and measures on the rest, then it trains anew on all of them
 * and writes what the server loads. The same seed gives the same weights.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDataset, readEncoding, trainingRows, type Dataset } from './training/data.ts';
import { fold } from './training/fold.ts';
import { writeGraphModel } from './training/graph.ts';
import { writeHeldOut } from './training/held-out.ts';
import { LoadedModel } from './training/loaded-model.ts';
import { accuracy, argmax, percent, Progress, worstConfusions } from './training/measure.ts';
import { addLogits, trainNetwork, type Network } from './training/network.ts';
import { recipes, type Recipe } from './training/recipes.ts';
import { groupNearDuplicates, splitByGroup } from './training/split.ts';

const USAGE = `usage: train.ts PATH_TO_train.csv [options]
  --version 1|2           which recipe to follow (1)
  --out FOLDER            where the model is written (the version's folder beside this script)
  --seed NUMBER           start of all random numbers of the training (1)
  --split groups|random   whether near duplicates stay together in the measured split (groups)
  --report                measures on the part kept for reporting too: not while choosing settings
  --held-out FILE         writes the rows that were held out, with what was answered to them: for the
                          profile and the temperature of the model
  --only measure|make     does one half of the work alone`;

/** Texts whose sets of words are at least this similar (Jaccard) never part company in the split. */
const NEAR_DUPLICATE = 0.7;
/** The split stays the same whatever the seed of the training, so that figures can be compared. */
const SPLIT_SEED = 1;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'string', default: '1' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    split: { type: 'string', default: 'groups' },
    report: { type: 'boolean', default: false },
    only: { type: 'string' },
    'held-out': { type: 'string' },
  },
});
const [path] = positionals;
const chosen = recipes[values.version];
if (path === undefined || !chosen || !/^\d+$/.test(values.seed)) {
  console.error(USAGE);
  process.exit(2);
}
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const data = readDataset(path, readEncoding(new URL('./model.yaml', import.meta.url)));
console.log(`${data.texts.length} rows, ${data.names.length} labels`);
console.log(`version ${values.version}: ${chosen.summary}`);
if (values.only !== 'make') await measure(chosen);
if (values.only !== 'measure') await make(chosen, values.out ?? here(`./${values.version}`));

/** Trains on a part and prints how well the rest is told. */
async function measure(recipe: Recipe): Promise<void> {
  const groups =
    values.split === 'random'
      ? Int32Array.from(data.texts, (_, row) => row)
      : groupNearDuplicates(data.normalised, NEAR_DUPLICATE);
  const { train, tune, report } = splitByGroup(data.labels, groups, SPLIT_SEED);
  console.log(
    `\nmeasuring: ${train.length} rows train, ${tune.length} tune, ${report.length} report`,
  );
  const networks = trainAll(recipe, train, tune);

  // What counts is what the server will answer: the written model, rounded and run by TensorFlow.js.
  const folder = await mkdtemp(join(tmpdir(), 'banking77-'));
  await writeGraphModel(folder, fold(networks, data.encoding.buckets));
  const model = await LoadedModel.load(folder);
  await rm(folder, { recursive: true });
  const classify = (rows: readonly number[]) =>
    model.classify(rows.map((row) => data.buckets[row]!));
  console.log(`tune   ${percent(accuracy(data, tune, classify))}`);
  if (values.report) console.log(`report ${percent(accuracy(data, report, classify))}`);
  const heldOut = values['held-out'];
  if (heldOut !== undefined) await writeHeldOut(heldOut, data, [...tune, ...report], model);
  console.log('the confusions that hurt most, in the part to tune by:');
  console.log(worstConfusions(data, tune, classify, 12).join('\n'));
}

/** Trains on all rows, and writes the model and its labels. */
async function make(recipe: Recipe, folder: string): Promise<void> {
  const all = data.texts.map((_, row) => row);
  console.log(`\nmaking version ${values.version} from all ${all.length} rows`);
  const networks = trainAll(recipe, all);
  const bytes = await writeGraphModel(folder, fold(networks, data.encoding.buckets));
  if (values.out === undefined) await writeFile(here('./labels.txt'), `${data.names.join('\n')}\n`);
  console.log(`wrote ${folder}, ${(bytes / 1e6).toFixed(2)} MB`);

  const model = await LoadedModel.load(folder);
  const sample = all.filter((row) => row % 10 === 0);
  const rounded = model.classify(sample.map((row) => data.buckets[row]!));
  const exact = classifier(data, networks)(sample);
  const equal = rounded.filter((guess, i) => guess === exact[i]).length;
  console.log(
    `${percent(equal / sample.length)} of its answers are those of the unrounded weights`,
  );
}

/** Trains the networks of a recipe, one after the other. */
function trainAll(recipe: Recipe, rows: readonly number[], tune?: readonly number[]): Network[] {
  const { members, network } = recipe;
  const progress = new Progress(members * network.epochs);
  const networks: Network[] = [];
  for (let member = 0; member < members; member++) {
    const options = {
      ...network,
      buckets: data.encoding.buckets,
      classes: data.names.length,
      seed: Number(values.seed) * 1000 + member,
    };
    const trained = trainNetwork(trainingRows(data, rows), options, (epoch, loss, current) => {
      const told = tune && accuracy(data, tune, classifier(data, [...networks, current]));
      const name = members > 1 ? `network ${member + 1}/${members}, ` : '';
      const figures = `loss ${loss.toFixed(4)}${told === undefined ? '' : `, tune ${percent(told)}`}`;
      progress.step(`${name}epoch ${epoch + 1}/${network.epochs}: ${figures}`);
    });
    networks.push(trained);
  }
  return networks;
}

/** Lets networks decide together, by the sum of their logits. */
function classifier(data: Dataset, networks: readonly Network[]) {
  return (rows: readonly number[]): Int32Array =>
    Int32Array.from(rows, (row) => {
      const logits = new Float32Array(data.names.length);
      for (const network of networks) addLogits(network, data.buckets[row]!, logits);
      return argmax(logits);
    });
}
