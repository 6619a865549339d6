using Platform.Pbm.Invocation;
using Platform.Pbm.Terminal;

using var terminal = SystemTerminal.Open();
return await PbmApplication.RunAsync(args, terminal);
