using Platform.Cluster.CommandLine;

return await new PlatformCommand(Console.Out, Console.Error, TimeProvider.System).RunAsync(args);
