/* Wine 8.0 has no icuuc.dll, which Windows 10 brings and Qt6Core opens for old text encodings.
   Every opener says that it failed. For the trial under Wine only: never shipped. */
typedef int UErrorCode;
#define E __declspec(dllexport)
E void *ucnv_open(const char *n, UErrorCode *e){ if(e)*e=4; return 0; }
E void ucnv_close(void *c){}
E void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void){}
E void UCNV_TO_U_CALLBACK_SUBSTITUTE(void){}
E void ucnv_reset(void *c){}
E signed char ucnv_getMaxCharSize(const void *c){ return 1; }
E const char *ucnv_getName(const void *c, UErrorCode *e){ if(e)*e=4; return ""; }
E void ucnv_getToUCallBack(const void*c,void*a,const void**x){}
E void ucnv_getFromUCallBack(const void*c,void*a,const void**x){}
E void ucnv_setToUCallBack(void*c,void*a,const void*n,void*o,const void**oc,UErrorCode*e){ if(e)*e=4; }
E void ucnv_setFromUCallBack(void*c,void*a,const void*n,void*o,const void**oc,UErrorCode*e){ if(e)*e=4; }
E void ucnv_cbToUWriteUChars(void*a,const void*s,int l,int o,UErrorCode*e){ if(e)*e=4; }
E void ucnv_cbFromUWriteUChars(void*a,const void**s,const void*sl,int o,UErrorCode*e){ if(e)*e=4; }
E void ucnv_toUnicode(void*c,void**t,const void*tl,const char**s,const char*sl,int*o,signed char f,UErrorCode*e){ if(e)*e=4; }
E void ucnv_fromUnicode(void*c,char**t,const char*tl,const void**s,const void*sl,int*o,signed char f,UErrorCode*e){ if(e)*e=4; }
E int ucnv_toUCountPending(const void*c,UErrorCode*e){ if(e)*e=4; return 0; }
E int ucnv_fromUCountPending(const void*c,UErrorCode*e){ if(e)*e=4; return 0; }
E const char*ucnv_getStandardName(const char*n,const char*s,UErrorCode*e){ if(e)*e=4; return 0; }
E const char*ucnv_getAvailableName(int n){ return 0; }
E int ucnv_countAvailable(void){ return 0; }
