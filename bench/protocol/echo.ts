import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { SERVICE_NAME } from '../../src/inference-protocol/messages.ts';

/** Entry of a process: the least that `@grpc/grpc-js` can do, which gives back the bytes it was sent. */
const bytes = (it: Buffer) => it;
const server = new Server();
server.addService(
  {
    ModelInfer: {
      path: `/${SERVICE_NAME}/ModelInfer`,
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    },
  },
  {
    ModelInfer: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) =>
      answer(null, call.request),
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  process.send?.(error ? -1 : port);
});
process.on('disconnect', () => process.exit(0));
