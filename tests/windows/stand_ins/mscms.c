/* The mscms.dll of Wine 8.0 lacks WcsCreateIccProfile, without which Qt stops. "No colour profile" is
   an answer Windows may give too. For the trial under Wine only: never shipped. */
#define E __declspec(dllexport)
E void *OpenColorProfileW(void*p,unsigned a,unsigned s,unsigned c){ return 0; }
E void *OpenColorProfileA(void*p,unsigned a,unsigned s,unsigned c){ return 0; }
E int CloseColorProfile(void*p){ return 1; }
E int GetColorProfileFromHandle(void*p,void*b,unsigned*s){ return 0; }
E void *WcsCreateIccProfile(void*p,unsigned o){ return 0; }
