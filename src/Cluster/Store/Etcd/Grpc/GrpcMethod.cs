using Google.Protobuf;

namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>A method of a gRPC service.</summary>
/// <param name="Path"><c>/service/method</c>.</param>
/// <param name="Parser">Of its answer.</param>
internal sealed record GrpcMethod<TRequest, TResponse>(string Path, MessageParser<TResponse> Parser)
    where TRequest : IMessage<TRequest>
    where TResponse : IMessage<TResponse>;
