import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  MAX_PROFILE_BYTES,
  parseProfile,
  ProfileError,
  type Profile,
  type ProfileOwner,
} from '../../telemetry/drift/profile.ts';

/** A profile that can be used, or why there is none. */
export type FoundProfile =
  | { readonly profile: Profile; readonly digest: string }
  | { readonly problem: string; readonly isBroken: boolean };

/** Name of the file beside the files of a version. */
const FILE = 'profile.json';

/**
 * Finds the profile of a version: what was frozen from live traffic and stands in the folder of the
 * server's state, else `profile.json` beside the version. The later of the two counts.
 */
export class ProfileStore {
  readonly #stateDirectory: string;

  /** @param stateDirectory `STATE_DIR` */
  constructor(stateDirectory: string) {
    this.#stateDirectory = path.join(stateDirectory, 'profiles');
  }

  /**
   * Reads the profile of a version. Never rejects.
   *
   * @param directory folder of the version
   */
  async find(owner: ProfileOwner, directory: string): Promise<FoundProfile> {
    const files = [path.join(directory, FILE), this.#fileOf(owner)];
    const found = await Promise.all(files.map((file) => read(file, owner)));
    const usable = found.filter((each) => each !== null && 'profile' in each);
    usable.sort((a, b) => (a.profile.createdAt < b.profile.createdAt ? 1 : -1));
    const [best] = usable;
    const broken = found.find((each) => each !== null && 'problem' in each);
    return (
      best ?? broken ?? { problem: 'There is no profile.json beside the version.', isBroken: false }
    );
  }

  /**
   * Keeps a profile that was frozen from live traffic.
   *
   * @throws {Error} where it cannot be written
   */
  async write(profile: Profile): Promise<void> {
    const file = this.#fileOf(profile);
    await mkdir(path.dirname(file), { recursive: true });
    // Whoever reads it meanwhile gets the old one or the new one, never half of one.
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, `${JSON.stringify(profile)}\n`);
    await rename(temporary, file);
  }

  #fileOf({ model, version }: Pick<ProfileOwner, 'model' | 'version'>): string {
    return path.join(this.#stateDirectory, model, version, FILE);
  }
}

async function read(file: string, owner: ProfileOwner): Promise<FoundProfile | null> {
  try {
    const { size } = await stat(file);
    if (size > MAX_PROFILE_BYTES) {
      throw new ProfileError(`profile.json is larger than ${MAX_PROFILE_BYTES} bytes`);
    }
    const text = await readFile(file, 'utf8');
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
    return { profile: parseProfile(text, owner), digest };
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const problem =
      thrown instanceof ProfileError
        ? thrown.message
        : `profile.json cannot be read (${code ?? 'unknown error'})`;
    return { problem, isBroken: true };
  }
}
