namespace Platform.Differential.Tests.Support;

/// <summary>The classes that use <see cref="Peers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class PeersCollection : ICollectionFixture<Peers>
{
    public const string Name = "peers";
}
