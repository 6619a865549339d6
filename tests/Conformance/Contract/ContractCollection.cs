namespace Platform.Conformance.Tests.Contract;

/// <summary>The classes that use <see cref="ContractServer"/>.</summary>
[CollectionDefinition(ContractServer.Name)]
public sealed class ContractCollection : ICollectionFixture<ContractServer>;
