namespace Platform.Conformance.Tests.ObjectStores;

/// <summary>The collection of tests that share <see cref="S3ServerFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class S3Tests : ICollectionFixture<S3ServerFixture>
{
    public const string Name = "s3";
}
