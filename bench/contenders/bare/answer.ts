/** What the bare servers always answer: the shape and size of a real prediction. */
export const ANSWER = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  prediction: 'card_arrival',
  confidence: 0.983123242855072,
  latencyMs: 0.0421,
  model: 'banking77',
  version: '1',
  cached: true,
};

/** The part of the real schema that the operation of the bench uses. */
export const TYPE_DEFS = /* GraphQL */ `
  scalar JSON
  type Query {
    ready: Boolean
  }
  input ModelInput {
    text: String
    image: String
  }
  type Prediction {
    id: ID!
    prediction: JSON
    confidence: Float
    latencyMs: Float!
    model: String!
    version: String!
    cached: Boolean!
  }
  type Mutation {
    predict(input: ModelInput!, model: String): Prediction!
  }
`;

/** Port that the bench chose for this process. */
export const PORT = Number(process.env.PORT);
