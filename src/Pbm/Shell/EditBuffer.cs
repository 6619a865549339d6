using System.Text;

namespace Platform.Pbm.Shell;

/// <summary>A line that is being edited, and the cursor in it.</summary>
internal sealed class EditBuffer
{
    private readonly StringBuilder _text = new();

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    public string Text => _text.ToString();

    public string BeforeCursor => _text.ToString(0, Cursor);

    public void Replace(string text)
    {
        _text.Clear().Append(text);
        Cursor = text.Length;
    }

    public void Insert(string text)
    {
        _text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void Move(int cursor) => Cursor = Math.Clamp(cursor, 0, _text.Length);

    public void MoveToEnd() => Cursor = _text.Length;

    public void DeleteBefore()
    {
        if (Cursor == 0) return;
        _text.Remove(--Cursor, 1);
    }

    public void DeleteAt()
    {
        if (Cursor < _text.Length) _text.Remove(Cursor, 1);
    }

    public void DeleteToEnd() => _text.Length = Cursor;

    public void DeleteToStart()
    {
        _text.Remove(0, Cursor);
        Cursor = 0;
    }

    public void DeleteWordBefore()
    {
        var start = WordStart();
        _text.Remove(start, Cursor - start);
        Cursor = start;
    }

    /// <summary>Where the word before the cursor begins.</summary>
    public int WordStart()
    {
        var start = Cursor;
        while (start > 0 && _text[start - 1] == ' ') start--;
        while (start > 0 && _text[start - 1] != ' ') start--;
        return start;
    }

    /// <summary>Where the word after the cursor ends.</summary>
    public int WordEnd()
    {
        var end = Cursor;
        while (end < _text.Length && _text[end] == ' ') end++;
        while (end < _text.Length && _text[end] != ' ') end++;
        return end;
    }
}
