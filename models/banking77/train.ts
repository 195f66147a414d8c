/**
 * Trains the model from Banking77's training rows:
 *
 *     npx tsx models/banking77/train.ts PATH_TO_train.csv [--version 1] [--out FOLDER] [--seed 1]
 *
 * First it trains on a part of the rows and measures on the rest, then on all of them, and writes
 * what the server loads. `--split random` measures on a split that ignores near duplicates;
 * `--dry-run` writes nothing. The same seed gives the same weights.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readDataset, readEncoding, trainingRows, type Dataset } from './training/data.ts';
import { fold } from './training/fold.ts';
import { writeGraphModel } from './training/graph.ts';
import { LoadedModel } from './training/loaded-model.ts';
import { accuracy, argmax, percent, Progress, worstConfusions } from './training/measure.ts';
import { addLogits, trainNetwork, type Network } from './training/network.ts';
import { recipes, type Recipe } from './training/recipes.ts';
import { groupNearDuplicates, splitByGroup } from './training/split.ts';

/** Texts whose sets of words are at least this similar (Jaccard) never part company in the split. */
const NEAR_DUPLICATE = 0.7;
/** The split is the same whatever the seed of the training, so that figures can be compared. */
const SPLIT_SEED = 1;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    version: { type: 'string', default: '1' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    split: { type: 'string', default: 'groups' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const [path] = positionals;
const recipe = recipes[values.version];
if (path === undefined || !recipe || !/^(groups|random)$/.test(values.split)) {
  console.error('usage: train.ts PATH_TO_train.csv [--version 1|2] [--out FOLDER] [--seed NUMBER]');
  console.error('                [--split groups|random] [--dry-run]');
  process.exit(2);
}
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const out = values.out ?? here(`./${values.version}`);
const data = readDataset(path, readEncoding(new URL('./model.yaml', import.meta.url)));
console.log(`${data.texts.length} rows, ${data.names.length} labels; recipe: ${recipe.summary}`);

measure(data, recipe);
if (!values['dry-run']) await make(data, recipe);

/** Trains on a part and prints how well the rest is told. */
function measure(data: Dataset, recipe: Recipe): void {
  const groups =
    values.split === 'groups'
      ? groupNearDuplicates(data.normalised, NEAR_DUPLICATE)
      : Int32Array.from(data.texts, (_, row) => row);
  const split = splitByGroup(data.labels, groups, SPLIT_SEED);
  const { train, tune, report } = split;
  console.log(`\nmeasuring (${values.split}): ${train.length} train, ${tune.length} tune, ...`);
  const networks = trainAll(data, train, recipe, tune);
  console.log(`tune   ${percent(accuracy(data, tune, classifier(data, networks)))}`);
  console.log(`report ${percent(accuracy(data, report, classifier(data, networks)))}`);
  console.log('confusions that hurt most (tune and report):');
  const held = [...tune, ...report];
  console.log(worstConfusions(data, held, classifier(data, networks), 12).join('\n'));
}

/** Trains on all rows, writes the model and its labels, and checks what was written. */
async function make(data: Dataset, recipe: Recipe): Promise<void> {
  const all = data.texts.map((_, row) => row);
  console.log(`\nmaking version ${values.version} from all ${all.length} rows`);
  const networks = trainAll(data, all, recipe);
  const bytes = await writeGraphModel(out, fold(networks, data.encoding.buckets));
  if (values.out === undefined) writeFileSync(here('./labels.txt'), `${data.names.join('\n')}\n`);
  console.log(`wrote ${out}, ${(bytes / 1e6).toFixed(2)} MB`);

  const model = await LoadedModel.load(out);
  const sample = all.filter((row) => row % 10 === 0);
  const logits = model.logits(sample.map((row) => data.buckets[row]!));
  const classes = data.names.length;
  const classify = classifier(data, networks)(sample);
  const same = sample.filter((_, i) => {
    return argmax(logits.subarray(i * classes, (i + 1) * classes)) === classify[i];
  }).length;
  console.log(`${percent(same / sample.length)} of its answers are those of the unrounded weights`);
}

/** Trains the networks of a recipe, one after the other. */
function trainAll(
  data: Dataset,
  rows: readonly number[],
  { members, network }: Recipe,
  tune?: readonly number[],
): Network[] {
  const progress = new Progress(members * network.epochs);
  const networks: Network[] = [];
  for (let member = 0; member < members; member++) {
    const options = {
      ...network,
      buckets: data.encoding.buckets,
      classes: data.names.length,
      seed: Number(values.seed) * 1000 + member,
    };
    networks.push(
      trainNetwork(trainingRows(data, rows, (text) => text), options, (epoch, loss, current) => {
        const told = tune && percent(accuracy(data, tune, classifier(data, [...networks, current])));
        const name = members > 1 ? `network ${member + 1}/${members}, ` : '';
        const figures = `loss ${loss.toFixed(4)}${told ? `, tune ${told}` : ''}`;
        progress.step(`${name}epoch ${epoch + 1}/${network.epochs}: ${figures}`);
      }),
    );
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
