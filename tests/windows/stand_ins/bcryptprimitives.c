/* Wine 8.0 has no bcryptprimitives.dll, whose ProcessPrng libraries written in Rust ask for random
   bytes. Hands the request to Wine's own generator. For the trial under Wine only: never shipped. */
__declspec(dllimport) unsigned char SystemFunction036(void *, unsigned long);

__declspec(dllexport) int ProcessPrng(unsigned char *bytes, unsigned long long count)
{
    while (count) {
        unsigned long part = count > 0x10000 ? 0x10000 : (unsigned long)count;
        if (!SystemFunction036(bytes, part))
            return 0;
        bytes += part;
        count -= part;
    }
    return 1;
}
