/** Options of `serve`. */
export interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly models?: string;
  readonly modelName?: string;
}

/** Starts the server as `npm start` does; options stand above the environment. */
export async function serve({ port, host, models, modelName }: ServeOptions): Promise<void> {
  if (port !== undefined) process.env.PORT = port;
  if (host !== undefined) process.env.HOST = host;
  if (models !== undefined) process.env.MODELS_DIR = models;
  if (modelName !== undefined) process.env.MODEL_NAME = modelName;
  await import('../main.ts');
}
