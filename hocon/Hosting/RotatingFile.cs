using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>
/// A log file of bounded size: when it is full it becomes <c>NAME.1</c>, the former <c>.1</c> becomes <c>.2</c>, and so on;
/// the oldest goes. Lines are on disk's way at once. A line that can't be written is counted, not thrown: a full disk must not stop a monitor.
/// </summary>
public sealed class RotatingFile : TextWriter
{
    private readonly string _path;
    private readonly long _size;
    private readonly int _kept;
    private readonly object _lock = new();
    private FileStream? _stream;

    /// <summary>Opens, and appends to what is there.</summary>
    /// <param name="path">Of the newest file.</param>
    /// <param name="size">Bytes at which it is set aside.</param>
    /// <param name="kept">Files kept beside the newest.</param>
    /// <exception cref="UserError">It can't be opened.</exception>
    public RotatingFile(string path, long size, int kept)
    {
        _path = path;
        _size = size;
        _kept = kept;
        try
        {
            _stream = Open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(path, "write to", e);
        }
    }

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Lines that could not be written.</summary>
    public long Lost { get; private set; }

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write(value + "\n");

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        var bytes = Encoding.UTF8.GetBytes(value ?? "");
        lock (_lock)
        {
            try
            {
                _stream ??= Open();
                if (_stream.Length > 0 && _stream.Length + bytes.Length > _size)
                {
                    Rotate();
                }

                _stream!.Write(bytes);
                _stream.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Lost++;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                _stream?.Dispose();
                _stream = null;
            }
        }

        base.Dispose(disposing);
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileModes.GroupFile;
        }

        return new FileStream(_path, options);
    }

    private void Rotate()
    {
        _stream?.Dispose();
        _stream = null;
        File.Delete($"{_path}.{_kept}");
        for (var i = _kept - 1; i >= 0; i--)
        {
            var from = i == 0 ? _path : $"{_path}.{i}";
            if (File.Exists(from))
            {
                File.Move(from, $"{_path}.{i + 1}", overwrite: true);
            }
        }

        if (_kept == 0)
        {
            File.Delete(_path);
        }

        _stream = Open();
    }
}
