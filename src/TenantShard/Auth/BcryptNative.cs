using System.Runtime.InteropServices;

namespace Platform.TenantShard.Auth;

/// <summary>The C library's <c>crypt_r</c> (man crypt(3)), which every supported system has.</summary>
internal static unsafe partial class BcryptNative
{
    /// <summary>sizeof(struct crypt_data) of libxcrypt, fixed as part of its ABI.</summary>
    public const int StateBytes = 32768;

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt_r")]
    public static partial byte* Crypt(byte* phrase, byte* setting, byte* state);
}
