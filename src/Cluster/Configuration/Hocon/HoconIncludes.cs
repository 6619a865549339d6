using System.Text;

namespace Platform.Cluster.Configuration.Hocon;

/// <summary>
/// Loads files for <see cref="HoconParser"/>, and counts what one configuration may hold over all its files.
/// </summary>
internal sealed class HoconIncludes
{
    private readonly List<string> _open = [];
    private int _valueCount;

    /// <summary>Parses the file at <paramref name="path"/>.</summary>
    /// <exception cref="HoconException">It cannot be read, or is not HOCON.</exception>
    public HoconObject LoadFile(string path) => Load(path, including: null, new HoconPosition(path));

    /// <summary>Parses <paramref name="path"/>, which is relative to the folder of the file that includes it.</summary>
    public HoconObject Load(string path, string? including, HoconPosition position)
    {
        var folder = including is null ? null : Path.GetDirectoryName(including);
        var file = string.IsNullOrEmpty(folder) ? path : Path.Combine(folder, path);
        var identity = Path.GetFullPath(file);
        if (_open.Contains(identity)) throw new HoconException(position, $"'{path}' includes itself");
        if (_open.Count >= HoconLimits.IncludeDepthMax)
            throw new HoconException(position, $"files are included deeper than {HoconLimits.IncludeDepthMax} levels");
        _open.Add(identity);
        var result = HoconParser.Parse(Read(file, position), file, this);
        _open.RemoveAt(_open.Count - 1);
        return result;
    }

    public void CountValue(HoconPosition position)
    {
        if (++_valueCount > HoconLimits.ValueCountMax)
            throw new HoconException(position, $"a configuration holds at most {HoconLimits.ValueCountMax} values");
    }

    private static string Read(string file, HoconPosition position)
    {
        try
        {
            if (Directory.Exists(file)) throw new HoconException(position, $"'{file}' is a folder, not a file");
            using var stream = File.OpenRead(file);
            if (stream.Length > HoconLimits.FileBytesMax)
                throw new HoconException(position, $"'{file}' is larger than {HoconLimits.FileBytesMax} bytes");
            using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new HoconException(position, $"the file '{file}' does not exist");
        }
        catch (DecoderFallbackException)
        {
            throw new HoconException(position, $"'{file}' is not UTF-8 text");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(position, $"'{file}' cannot be read: {error.Message}");
        }
    }
}
