using Platform.Pbm.Terminal;

namespace Platform.Pbm.Tests;

/// <summary>Somebody who types a known sequence, and then Ctrl-D.</summary>
internal sealed class ScriptedKeys(IEnumerable<ConsoleKeyInfo> keys) : IKeySource
{
    private readonly Queue<ConsoleKeyInfo> _keys = new(keys);

    public ConsoleKeyInfo ReadKey() => _keys.TryDequeue(out var key) ? key : Control(ConsoleKey.D);

    /// <summary>The keys of a text; a line feed is Enter, a tab is Tab.</summary>
    public static IEnumerable<ConsoleKeyInfo> Typed(string text) => text.Select(character => character switch
    {
        '\n' => Key(ConsoleKey.Enter),
        '\t' => Key(ConsoleKey.Tab),
        _ => new ConsoleKeyInfo(character, default, false, false, false),
    });

    public static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, false, false, false);

    public static ConsoleKeyInfo Control(ConsoleKey key) => new('\0', key, false, false, true);
}
