/* How many elements an array has that stands in sight (a parameter is none: the compiler warns). */
#ifndef TLSDIAG_BASE_ARRAY_H
#define TLSDIAG_BASE_ARRAY_H

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif
