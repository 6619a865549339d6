namespace Platform.EndToEnd.Tests.Durability;

/// <summary>The classes that share one S3 server; one after the other, because they stop it.</summary>
[CollectionDefinition(Name)]
public sealed class S3Collection : ICollectionFixture<S3Fixture>
{
    public const string Name = "S3 server";
}
