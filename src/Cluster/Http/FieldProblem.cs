namespace Platform.Cluster.Http;

/// <summary>What is wrong with one field: a stable code for programs and a sentence for people.</summary>
internal sealed record FieldProblem(string Code, string Message);
