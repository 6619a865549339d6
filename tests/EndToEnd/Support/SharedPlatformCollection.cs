namespace Platform.EndToEnd.Tests.Support;

/// <summary>The classes that use <see cref="SharedPlatform"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPlatformCollection : ICollectionFixture<SharedPlatform>
{
    public const string Name = "shared platform";
}
