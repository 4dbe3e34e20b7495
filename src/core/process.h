// Settings of the process that make training faster and change no result.
#pragma once

namespace intact {

// Waiting OpenMP threads spin: libgomp's default is some milliseconds at each barrier, which stops training
// altogether when another process wants the same cores, and not to spin at all costs 12 to 14 % on an idle
// machine. This sets a bound of a fraction of a millisecond. libgomp reads it when it is loaded, so the
// program starts itself once more, with the same process id; where that fails it goes on as it is. An
// environment with GOMP_SPINCOUNT or OMP_WAIT_POLICY is left alone. argv: of main, whole.
void bound_openmp_spinning(char** argv);

// Keeps freed memory for the next allocation instead of giving it back to the system after every training
// step.
void keep_freed_memory();

}  // namespace intact
