namespace Platform.Cluster.Configuration;

/// <summary>A resolved value as it was written: one text, or the texts of a list.</summary>
/// <param name="Text">Null when it is a list.</param>
/// <param name="Items">Null when it is one text.</param>
/// <param name="Source">Where it was written.</param>
internal sealed record ConfigurationValue(string? Text, IReadOnlyList<string>? Items, string Source);
